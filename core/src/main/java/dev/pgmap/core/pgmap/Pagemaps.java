package dev.pgmap.core.pgmap;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.AllocFaults;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.sync.Sync;
import dev.pgmap.core.vmemmap.Memmap;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code memremap_pages}, {@code memunmap_pages} and {@code get_dev_pagemap} of one machine.
 *
 * <p>Order of memremap: checks; reference; then range by range: conflicts, RAM, pgmap array,
 * addressable, struct pages (under the hotplug lock), their initialisation (outside it), references
 * for the folios. If a range fails, the ranges before it are torn down as by memunmap. Order of
 * memunmap: kill the reference, let go of the folios' references, wait, then range by range remove
 * the struct pages and the array entry, and at last give up the reference.
 *
 * <p>As in the kernel, a lookup can succeed from the moment a range is in the array, before its
 * struct pages are there. Thread-safe; memunmap blocks while someone holds the pgmap.
 */
public final class Pagemaps implements PagemapHold.TeardownSteps {
  private final Sync sync;
  private final KernelLog log;
  private final ResourceTree resources;
  private final MemoryHotplug hotplug;
  private final StructPages pages;
  private final PageRefs refs;
  private final PagemapPolicies policies;
  private final MemmapInit memmapInit;
  private final ManagedKey managedKey;
  private final PageFree pageFree;
  private final PagemapArray array = new PagemapArray();
  private final ConcurrentSkipListMap<Integer, DevPagemap> byIndex = new ConcurrentSkipListMap<>();
  private final AtomicInteger lastIndex = new AtomicInteger();

  /** The pgmaps of one machine, under one set of policies. */
  public Pagemaps(
      Sync sync,
      KernelLog log,
      ResourceTree resources,
      MemoryHotplug hotplug,
      StructPages pages,
      PageRefs refs,
      PagemapPolicies policies) {
    this.sync = sync;
    this.log = log;
    this.resources = resources;
    this.hotplug = hotplug;
    this.pages = pages;
    this.refs = refs;
    this.policies = policies;
    this.memmapInit = new MemmapInit(pages, refs, policies.scheme());
    this.managedKey = new ManagedKey(policies.scheme(), policies.managedKey());
    if (policies.hold() == PagemapHold.TRANSITIONS) {
      refs.observe(new UseHolds(pages, this));
    }
    this.pageFree = new PageFree(log, pages, refs, this, policies, sync.varWaits());
  }

  /** Whether puts have to look for managed pages. */
  public ManagedKey managedKey() {
    return managedKey;
  }

  PageFree pageFree() {
    return pageFree;
  }

  /** The policies in force. */
  public PagemapPolicies policies() {
    return policies;
  }

  /**
   * Brings device memory online.
   *
   * @param spec what is asked for; its shift counts only where the era has compound devmap
   * @param ops the driver's ops
   * @return the live pgmap
   * @throws MmException with the errno that {@code memremap_pages} returns; nothing is left behind
   */
  @KernelFunction("memremap_pages")
  public DevPagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    PagemapSpec granted = policies.compound() ? spec : spec.withVmemmapShift(0);
    PagemapRequest.check(granted, ops, policies.types(), log);
    hotplug.faults().check(AllocFaults.Site.REF);
    DevPagemap pgmap =
        new DevPagemap(
            lastIndex.incrementAndGet(), granted, ops, sync, text -> log.warn("%s", text));
    byIndex.put(pgmap.index(), pgmap);
    managedKey.get(granted.type());
    try {
      for (int i = 0; i < granted.ranges().size(); i++) {
        addRange(pgmap, i);
      }
    } catch (MmException e) {
      pgmap.enter(DevPagemap.State.DYING);
      tearDown(pgmap);
      throw e;
    }
    pgmap.enter(DevPagemap.State.LIVE);
    return pgmap;
  }

  @KernelFunction("pagemap_range")
  private void addRange(DevPagemap pgmap, int i) {
    PhysRange range = pgmap.spec().ranges().get(i);
    PagemapRequest.checkAltmap(pgmap.spec(), i, log);
    checkConflict(range, range.firstPfn());
    checkConflict(range, range.endPfn() - 1);
    checkNotRam(range);
    hotplug.faults().check(AllocFaults.Site.ARRAY);
    array.store(range, pgmap);
    try {
      checkAddressable(pgmap, range);
      Memmap memmap =
          hotplug.add(
              range,
              i == 0 ? pgmap.altmap() : null,
              pgmap.vmemmapShift(),
              pgmap.pfnFirst(i),
              policies.resizable().contains(pgmap.spec().type()));
      pgmap.memmaps().add(memmap);
      initRange(pgmap, i, memmap);
    } catch (MmException e) {
      array.delete(range, pgmap);
      sync.rcu().synchronize();
      throw e;
    }
    if (policies.hold().isInBulk(pgmap.spec().type())) {
      pgmap.percpuRef().get(pgmap.nrFolios(i));
    }
    PagemapEvents.create(
        pgmap.index(),
        pgmap.spec().type().ordinal(),
        pgmap.pfnFirst(i),
        pgmap.pfnEnd(i) - pgmap.pfnFirst(i),
        pgmap.vmemmapShift());
  }

  private void checkConflict(PhysRange range, long pfn) {
    DevPagemap conflict = getDevPagemap(pfn, null);
    if (conflict != null) {
      putDevPagemap(conflict);
      log.warn("Conflicting mapping in same section");
      throw new MmException(
          Errno.ENOMEM,
          "memory " + range,
          "in use by " + conflict,
          "memory that no pgmap covers",
          "");
    }
  }

  private void checkNotRam(PhysRange range) {
    ResourceTree.Intersection met = resources.intersects(range, ResourceKind.SYSTEM_RAM);
    if (met != ResourceTree.Intersection.DISJOINT) {
      String kind = met == ResourceTree.Intersection.MIXED ? "mixed" : "ram";
      log.warnOnce(
          "memremap-ram", "attempted on %s region 0x%x-0x%x", kind, range.start(), range.end());
      throw new MmException(
          Errno.ENXIO, "memory " + range, "System RAM (" + kind + ")", "device memory only", "");
    }
  }

  /**
   * {@code mhp_range_allowed}: memory that a CPU cannot reach needs no place in its address map.
   */
  private void checkAddressable(DevPagemap pgmap, PhysRange range) {
    long end =
        pgmap.spec().type() == MemoryType.PRIVATE
            ? pages.map().endPfn() << PageMath.PAGE_SHIFT
            : hotplug.mappableEnd();
    if (range.end() >= end) {
      log.warn(
          "Hotplug memory [0x%x-0x%x] exceeds maximum addressable range [0x0-0x%x]",
          range.start(), range.end(), end - 1);
      throw new MmException(
          Errno.EINVAL,
          "memory " + range,
          "beyond the addressable range",
          "addresses up to 0x%x".formatted(end - 1),
          "");
    }
  }

  private void initRange(DevPagemap pgmap, int i, Memmap memmap) {
    if (i == 0 && pgmap.altmap() != null) {
      long reserve = pgmap.altmap().spec().reservePages();
      memmapInit.initAltmapPages(memmap.range().firstPfn() + reserve, pgmap.pfnFirst(0));
    }
    memmapInit.initDevicePages(pgmap, pgmap.pfnFirst(i), pgmap.pfnEnd(i));
  }

  /**
   * Takes device memory offline; blocks, uninterruptibly, until nobody holds the pgmap.
   *
   * @throws MmException EINVAL if it is not live, or another thread takes it offline
   */
  @KernelFunction("memunmap_pages")
  public void memunmap(DevPagemap pgmap) {
    if (!pgmap.moveOn(DevPagemap.State.LIVE, DevPagemap.State.DYING)) {
      throw new MmException(
          Errno.EINVAL, pgmap.toString(), "state " + pgmap.state(), "a live pgmap", "");
    }
    tearDown(pgmap);
  }

  private void tearDown(DevPagemap pgmap) {
    PagemapEvents.kill(pgmap.index(), pgmap.percpuRef().count());
    policies.kill().kill(pgmap);
    policies.hold().release(pgmap, this);
    PagemapEvents.waitForRefs(pgmap.index(), pgmap.percpuRef().count());
    policies.kill().cleanup(pgmap);
    PagemapEvents.drained(pgmap.index());
    for (int i = 0; i < pgmap.memmaps().size(); i++) {
      Memmap memmap = pgmap.memmaps().get(i);
      PagemapEvents.remove(pgmap.index(), pgmap.pfnFirst(i), pgmap.pfnEnd(i) - pgmap.pfnFirst(i));
      hotplug.remove(
          memmap,
          "it belonged to %s, removed at %s by %s".formatted(pgmap, now(), sync.currentTask()));
      array.delete(memmap.range(), pgmap);
      sync.rcu().synchronize();
    }
    pgmap.percpuRef().exit();
    managedKey.put(pgmap.spec().type());
    byIndex.remove(pgmap.index());
    pgmap.enter(DevPagemap.State.DEAD);
    if (pgmap.altmap() != null && pgmap.altmap().allocPages() != 0) {
      log.warnOnce(
          "altmap-leak",
          "failed to free all reserved pages: %d of %s",
          pgmap.altmap().allocPages(),
          pgmap);
    }
  }

  private String now() {
    return "[%.6f]".formatted(sync.clock().nanos() / 1e9);
  }

  @Override
  public void dropBaseReferences(DevPagemap pgmap) {
    for (int i = 0; i < pgmap.memmaps().size(); i++) {
      for (long pfn = pgmap.pfnFirst(i); pfn < pgmap.pfnEnd(i); pfn += 1L << pgmap.vmemmapShift()) {
        if (dropBase(pfn, pages.record(pfn))) {
          putDevPagemap(pgmap);
        }
      }
    }
  }

  @Override
  public void awaitPages(DevPagemap pgmap) {
    for (int i = 0; i < pgmap.memmaps().size(); i++) {
      for (long pfn = pgmap.pfnFirst(i); pfn < pgmap.pfnEnd(i); ) {
        int order = pages.order(pfn);
        awaitPage(pfn, pages.record(pfn));
        pfn += 1L << order;
      }
    }
  }

  /** Drops the base reference, so that the last user's put brings the count to zero, and waits. */
  private void awaitPage(long headPfn, long rec) {
    while (refs.word(rec) != 0) {
      if (RefWord.hasBase(refs.word(rec))) {
        refs.dropBase(headPfn, rec);
      } else {
        sync.varWaits()
            .await(headPfn, () -> refs.word(rec) == 0 || RefWord.hasBase(refs.word(rec)));
      }
    }
  }

  private boolean dropBase(long pfn, long rec) {
    if (!managedKey.covers(pages, rec)) {
      return refs.dropBase(pfn, rec);
    }
    int left = refs.dropBaseAndReturn(pfn, rec);
    if (left == 1) {
      pageFree.idle(pfn, rec);
    }
    return left == 0;
  }

  @Override
  public void putFolioReferences(DevPagemap pgmap) {
    for (int i = 0; i < pgmap.memmaps().size(); i++) {
      pgmap.percpuRef().put(pgmap.nrFolios(i));
    }
  }

  /**
   * {@code get_dev_pagemap}: the pgmap of a pfn, with a reference.
   *
   * @param pfn any pfn
   * @param cached the result of an earlier lookup: returned as it is, without a new reference, if
   *     its first range holds the pfn, else put
   * @return a pgmap that {@link #putDevPagemap} gives back, or null if there is none alive
   */
  @KernelFunction("get_dev_pagemap")
  public @Nullable DevPagemap getDevPagemap(long pfn, @Nullable DevPagemap cached) {
    if (cached != null) {
      if (pfn >= cached.cachedFirstPfn() && pfn < cached.cachedEndPfn()) {
        return cached;
      }
      putDevPagemap(cached);
    }
    int token = sync.rcu().readLock();
    try {
      DevPagemap found = array.load(pfn);
      boolean live = found != null && found.percpuRef().tryGetLive();
      PagemapEvents.refGet(found == null ? 0 : found.index(), pfn, live ? 1 : 0);
      return live ? found : null;
    } finally {
      sync.rcu().readUnlock(token);
    }
  }

  /** {@code put_dev_pagemap}; does nothing for null. */
  @KernelFunction("put_dev_pagemap")
  public void putDevPagemap(@Nullable DevPagemap pgmap) {
    if (pgmap != null) {
      PagemapEvents.refPut(pgmap.index(), 1);
      pgmap.percpuRef().put(1);
    }
  }

  /** Drops the references that an allocated folio held. */
  void putReferences(DevPagemap pgmap, long nr) {
    PagemapEvents.refPut(pgmap.index(), nr);
    pgmap.percpuRef().put(nr);
  }

  /**
   * Claims addresses that nothing uses, for memory that a CPU cannot reach ({@code
   * request_free_mem_region}): the highest free ones, in whole sections of 128 MiB.
   *
   * @throws MmException ERANGE if there are not that many
   */
  public Resource requestFreeRegion(String name, long bytes) {
    return resources.requestHighest(
        bytes,
        MemoryHotplug.SECTION_PAGES << PageMath.PAGE_SHIFT,
        pages.map().endPfn() << PageMath.PAGE_SHIFT,
        name);
  }

  /** The pgmap with that number, if it is not dead. */
  public @Nullable DevPagemap byIndex(int index) {
    return byIndex.get(index);
  }

  /** All pgmaps that are not dead, also those being torn down. */
  public List<DevPagemap> all() {
    return List.copyOf(byIndex.values());
  }
}
