package dev.pgmap.core.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageLocks;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.FreeCallback;
import dev.pgmap.core.pgmap.KillStyle;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.PagemapHold;
import dev.pgmap.core.pgmap.PagemapPolicies;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgmap.RefcountScheme;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.sync.Sync;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import dev.pgmap.core.vmemmap.VmemmapShape;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The real lower floors of a small machine: some RAM, and room for device memory at 16 GiB. */
final class MmLab implements AutoCloseable {
  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;
  static final long PAGE = 4096;
  static final long DEVICE_START = 16 * GIB;

  final Sync sync = new Sync(2);
  final KernelLog log = new KernelLog(sync.clock());
  final PhysicalMemory memory;
  final StructPages pages;
  final PageRefs refs;
  final Ram ram;
  final Pagemaps pagemaps;
  final MmContext context;
  final AddressSpaces spaces = new AddressSpaces();
  private final long bootFreePages;

  MmLab(MappingPolicy policy) {
    this(policy, 4, 64 * MIB);
  }

  MmLab(MappingPolicy policy, int levels, long ramBytes) {
    memory = new PhysicalMemory(DEVICE_START + 256 * GIB);
    SubsectionMap map = new SubsectionMap(memory.endAddress() >>> 12);
    pages = new StructPages(map);
    refs = new PageRefs();
    ram = new Ram(memory, List.of(PhysRange.ofLength(0, ramBytes)));
    boolean compound = !policy.equals(MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING);
    VmemmapShape shape = compound ? VmemmapShape.SHARED_TAILS : VmemmapShape.FULL;
    MemoryHotplug hotplug = new MemoryHotplug(sync, log, memory, ram, map, shape);
    hotplug.addBootMemory();
    PagemapPolicies policies =
        new PagemapPolicies(
            new RefcountScheme(Set.of(MemoryType.GENERIC)),
            PagemapHold.BULK,
            KillStyle.ENGINE,
            FreeCallback.PAGE_FREE,
            compound,
            shape,
            Set.of(),
            Set.of(MemoryType.GENERIC),
            true);
    pagemaps = new Pagemaps(sync, log, new ResourceTree(), hotplug, pages, refs, policies);
    PagePut put = new PagePut(sync, log, pages, refs, pagemaps, ram);
    AtomicInteger pids = new AtomicInteger(100);
    context =
        new MmContext(
            sync,
            log,
            memory,
            pages,
            refs,
            put,
            ram,
            Geometry.x86(levels),
            TableWalker.PER_LEVEL,
            policy,
            spaces,
            new OrdinaryMemory(
                ram, pages, refs, Geometry.x86(levels), AnonPolicies.EXCLUSIVE_MARKS),
            new MmDevices(
                new PageLocks(pages, sync.varWaits()), pagemaps, SwapPolicies.LOCKED_OR_WAITED_FOR),
            pids::incrementAndGet);
    bootFreePages = ram.freePages();
  }

  /** Brings device memory online and makes a device node for it. */
  TestDevice device(String name, long start, long bytes, long align) {
    int shift = Long.numberOfTrailingZeros(align) - 12;
    PagemapSpec spec =
        new PagemapSpec(
            name, MemoryType.GENERIC, List.of(PhysRange.ofLength(start, bytes)), shift, null, null);
    DevPagemap pgmap = pagemaps.memremap(spec, DevPagemapOps.NONE);
    return new TestDevice(this, pgmap, name, start, bytes, align);
  }

  TestDevice device(long bytes, long align) {
    return device("/dev/dax0.0", DEVICE_START, bytes, align);
  }

  Task task() {
    return Task.create(context, "test");
  }

  long record(long pfn) {
    return pages.record(pfn);
  }

  int count(long pfn) {
    return refs.count(record(pages.headPfn(pfn)));
  }

  /** Nothing of RAM is in use beyond what booting took, and nobody was warned. */
  void assertNothingLeft() {
    assertThat(ram.freePages()).as("free pages of RAM").isEqualTo(bootFreePages);
    assertThat(log.entries()).isEmpty();
  }

  @Override
  public void close() {
    memory.close();
  }
}
