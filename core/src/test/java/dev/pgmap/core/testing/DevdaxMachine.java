package dev.pgmap.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgmap.DevPagemap;
import java.util.List;

/**
 * A booted machine with a device-dax driver, laid out as the machine on which kernels were
 * recorded: 64 MiB of pmem at 0x70000000, 768 MiB at 0x80000000, 3 GiB at 4 GiB. RAM shares a
 * memory section with the first of them.
 *
 * <p>Belongs to one test; what it gives out may be used by the test's threads.
 */
public final class DevdaxMachine implements AutoCloseable {
  public static final long KIB = 1L << 10;
  public static final long MIB = 1L << 20;
  public static final long GIB = 1L << 30;
  public static final long PAGE = 4096;

  /** The first data page of a namespace of region 0 with 4K or 2M alignment. */
  public static final long DATA_PFN = 0x70200;

  public final Machine machine;
  private final long bootFreePages;
  private boolean warningsExpected;
  private long pinsLost;

  /** A machine of that era. */
  public DevdaxMachine(Era era) {
    this(era, new PageRefs());
  }

  /** The same with counts that the caller made. */
  public DevdaxMachine(Era era, PageRefs refs) {
    this(spec(era), refs);
  }

  /** A machine of the caller's own. */
  public DevdaxMachine(MachineSpec spec, PageRefs refs) {
    machine = Machine.boot(spec, refs);
    bootFreePages = machine.ram().freePages();
    machine.daxBus().registerDriver(new TestDaxDriver());
  }

  /** The layout described above, with 256 MiB of RAM. */
  public static MachineSpec spec(Era era) {
    List<PhysRange> ram =
        List.of(
            new PhysRange(0x1000, 0x9ffff),
            PhysRange.ofLength(MIB, 127 * MIB),
            PhysRange.ofLength(0x7400_0000L, 64 * MIB));
    List<Pmem> pmem =
        List.of(
            new Pmem(PhysRange.ofLength(0x7000_0000L, 64 * MIB), null),
            new Pmem(PhysRange.ofLength(0x8000_0000L, 768 * MIB), null),
            new Pmem(PhysRange.ofLength(4 * GIB, 3 * GIB), null));
    return new MachineSpec(2, ram, pmem, List.of(), 4, era);
  }

  /** Makes a namespace of all of a region, with its device. */
  public Namespace create(int region, long align, MapLocation map) {
    return create(region, align, map, 0);
  }

  /** Makes a namespace of that size. */
  public Namespace create(int region, long align, MapLocation map, long bytes) {
    return machine
        .nvdimm()
        .create(
            NamespaceRequest.DEFAULTS
                .withRegion(region)
                .withAlign(align)
                .withMap(map)
                .withSize(bytes));
  }

  /** Destroys namespace 0 of a region; blocks if this era waits for holders. */
  public void destroy(int region) {
    machine.nvdimm().destroy("namespace" + region + ".0", true);
  }

  /** The pgmap of device 0 of a region. */
  public DevPagemap pagemap(int region) {
    DevDax device = machine.daxBus().device("dax" + region + ".0");
    DevPagemap pgmap = device.pagemap();
    assertThat(pgmap).isNotNull();
    return pgmap;
  }

  /** The node of device 0 of a region. */
  public AddressSpace node(int region) {
    return machine.daxBus().nodes().open("/dev/dax" + region + ".0");
  }

  /** Maps the beginning of a region's device into a new task. */
  public Mapping map(int region, long bytes) {
    return map(machine.newTask("test"), region, bytes, 0, true);
  }

  /** Maps a part of a region's device. */
  public Mapping map(Task task, int region, long bytes, long pgoff, boolean writable) {
    return new Mapping(
        machine, task, task.mm().mmap(node(region), bytes, pgoff, true, writable), bytes);
  }

  /** Maps anonymous memory into a task. */
  public Mapping mapAnonymous(Task task, long bytes, boolean writable) {
    return new Mapping(machine, task, task.mm().mmap(null, bytes, 0, false, writable), bytes);
  }

  /** {@code page_count} of the folio that a pfn is in. */
  public int count(long pfn) {
    return machine.pageRefs().count(head(pfn));
  }

  /** The pin count of the compound page that a pfn is in. */
  public int pincount(long pfn) {
    return machine.structPages().pincount(head(pfn));
  }

  /** The record of the head of the folio that a pfn is in. */
  public long head(long pfn) {
    return machine.structPages().record(machine.structPages().headPfn(pfn));
  }

  /** All words of the struct pages of a range. */
  public long[] snapshot(long firstPfn, int nrPages) {
    long[] words = new long[nrPages * 8];
    for (int i = 0; i < words.length; i++) {
      long rec = machine.structPages().record(firstPfn + (i >> 3));
      words[i] = machine.structPages().rawWord(rec, i & 7);
    }
    return words;
  }

  /** The texts of warnings and oopses so far. */
  public List<String> warnings() {
    return machine.log().entries().stream()
        .filter(entry -> entry.level() != KernelLog.Level.INFO)
        .map(KernelLog.Entry::text)
        .toList();
  }

  /** The test makes the kernel warn and checks that itself. */
  public void expectWarnings() {
    warningsExpected = true;
  }

  /** The test leaves pages pinned whose memory is gone. */
  public void expectLostPins(long nrPages) {
    pinsLost += nrPages;
  }

  /** Checks that all counts are right and nobody holds anything, and that nobody was warned. */
  public void assertIdle() {
    if (pinsLost == 0) {
      assertThat(Invariants.checkIdle(machine)).isEmpty();
    } else {
      assertThat(Invariants.check(machine)).isEmpty();
      assertThat(machine.vmstat().pinAcquired() - machine.vmstat().pinReleased())
          .as("pins lost with their memory")
          .isEqualTo(pinsLost);
    }
    if (!warningsExpected) {
      assertThat(warnings()).isEmpty();
    }
    assertThat(machine.ram().freePages())
        .as("free pages of RAM beside those with struct pages of devices")
        .isEqualTo(bootFreePages - vmemmapPagesInRam());
  }

  private long vmemmapPagesInRam() {
    return machine.pagemaps().all().stream()
        .filter(pgmap -> pgmap.altmap() == null)
        .mapToLong(DevPagemap::vmemmapPages)
        .sum();
  }

  @Override
  public void close() {
    machine.close();
  }
}
