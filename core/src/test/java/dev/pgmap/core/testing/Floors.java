package dev.pgmap.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.PagemapPolicies;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import dev.pgmap.core.sync.Sync;
import dev.pgmap.core.vmemmap.MemoryHotplug;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The real floors of the engine from sync to pgmap, as a machine puts them together.
 *
 * <p>System RAM is in the resource tree and has its struct pages; whatever lies outside of it may
 * become device memory.
 */
public final class Floors implements AutoCloseable {
  public static final long KIB = 1L << 10;
  public static final long MIB = 1L << 20;
  public static final long GIB = 1L << 30;

  /** Where {@link #Floors(PagemapPolicies)} has room for device memory. */
  public static final long DEVICE = 4 * GIB;

  public final Sync sync = new Sync(2);
  public final KernelLog log = new KernelLog(sync.clock());
  public final ResourceTree resources = new ResourceTree();
  public final PhysicalMemory memory;
  public final Ram ram;
  public final SubsectionMap map;
  public final StructPages pages;
  public final PageRefs refs;
  public final MemoryHotplug hotplug;
  public final Pagemaps pagemaps;
  public final PagePut put;
  private final long bootFreePages;
  private final long bootMemmapPages;

  /** 256 MiB of RAM at 0, and room for 12 GiB of devices from {@link #DEVICE} on. */
  public Floors(PagemapPolicies policies) {
    this(policies, new PageRefs());
  }

  /** The same, with counts that the caller made. */
  public Floors(PagemapPolicies policies, PageRefs refs) {
    this(policies, refs, List.of(PhysRange.ofLength(0, 256 * MIB)), 16 * GIB);
  }

  /**
   * Floors of a machine of the caller's own.
   *
   * @param ram ranges of System RAM
   * @param endAddress one past the last physical address, a multiple of 2 MiB
   */
  public Floors(PagemapPolicies policies, PageRefs refs, List<PhysRange> ram, long endAddress) {
    this.memory = new PhysicalMemory(endAddress);
    this.ram = new Ram(memory, ram);
    this.map = new SubsectionMap(endAddress >>> 12);
    this.pages = new StructPages(map);
    this.refs = refs;
    this.hotplug = new MemoryHotplug(sync, log, memory, this.ram, map, policies.shape());
    this.pagemaps = new Pagemaps(sync, log, resources, hotplug, pages, refs, policies);
    this.put = new PagePut(sync, log, pages, refs, pagemaps, this.ram);
    for (PhysRange range : ram) {
      resources.request(range, "System RAM", ResourceKind.SYSTEM_RAM);
    }
    hotplug.addBootMemory();
    this.bootFreePages = this.ram.freePages();
    this.bootMemmapPages = this.ram.totalPages() - bootFreePages;
  }

  /** What a device-dax driver asks for; no altmap, no owner. */
  public static PagemapSpec spec(long start, long bytes, int shift) {
    return spec(MemoryType.GENERIC, shift, null, PhysRange.ofLength(start, bytes));
  }

  /** A request for memory of any type. */
  public static PagemapSpec spec(
      MemoryType type, int shift, @Nullable AltmapSpec altmap, PhysRange... ranges) {
    return new PagemapSpec("dax0.0", type, List.of(ranges), shift, altmap, null);
  }

  /** The altmap of a namespace whose data begins at {@code dataOffset}: info block, then memmap. */
  public static AltmapSpec altmap(PhysRange range, long dataOffset) {
    return new AltmapSpec(range.firstPfn(), range.endPfn() - 1, 2, (dataOffset >>> 12) - 2);
  }

  /** Brings generic device memory online. */
  public DevPagemap online(long start, long bytes, int shift) {
    return pagemaps.memremap(spec(start, bytes, shift), DevPagemapOps.NONE);
  }

  /** Takes {@code n} references of a page the fast way; fails if the page is free. */
  public void hold(long pfn, int n) {
    long headPfn = pages.headPfn(pfn);
    assertThat(refs.modUnless(headPfn, pages.record(headPfn), n)).isTrue();
  }

  /** {@code page_count} of the folio that a pfn is in. */
  public int count(long pfn) {
    return refs.count(pages.record(pages.headPfn(pfn)));
  }

  /** Checks everything that holds while nobody uses a page and no call is under way. */
  public void assertInvariants() {
    assertInvariants(Map.of());
  }

  /**
   * Checks everything that holds while no call is under way.
   *
   * @param users references that the test holds, by head pfn
   */
  public void assertInvariants(Map<Long, Integer> users) {
    InvariantChecks checks = new InvariantChecks(this, users);
    checks.pagemaps();
    checks.subsections();
    checks.resourceTree();
    assertThat(ram.freePages() + bootMemmapPages + checks.vmemmapPagesInRam())
        .as("RAM: free + struct pages of RAM + struct pages of devices")
        .isEqualTo(ram.totalPages());
  }

  /** Checks that no pgmap is left, and RAM and the map are as after boot. */
  public void assertNothingLeft() {
    assertThat(pagemaps.all()).isEmpty();
    assertThat(ram.freePages()).isEqualTo(bootFreePages);
    assertInvariants();
  }

  /** Checks that nothing was logged that a kernel would warn about or die of. */
  public void assertNoWarnings() {
    assertThat(log.entries()).filteredOn(e -> e.level() != KernelLog.Level.INFO).isEmpty();
  }

  /** The texts of the warnings and oopses so far. */
  public List<String> warnings() {
    return log.entries().stream()
        .filter(e -> e.level() != KernelLog.Level.INFO)
        .map(KernelLog.Entry::text)
        .toList();
  }

  @Override
  public void close() {
    map.clear();
    sync.rcu().synchronize();
    memory.close();
  }
}
