package dev.pgmap.bench;

import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.pagewalk.Pagemap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import java.util.List;

/**
 * A machine of some geometry with 64 MiB of device memory, mapped with base pages: what a benchmark
 * of the walkers needs. Both walkers work on the same tables. Used by one thread.
 */
public final class WalkedDevice implements AutoCloseable {
  /** How many 4 KiB frames are mapped. */
  public static final int NR_FRAMES = 1 << 14;

  private static final int FRAMES_PER_CALL = 512;
  private static final PhysRange DEVICE = PhysRange.ofLength(16L << 30, (long) NR_FRAMES << 12);

  private final Machine machine;
  private final Mm mm;
  private final long address;
  private final long[] pfns = new long[NR_FRAMES];

  private WalkedDevice(Machine machine, DevPagemap pgmap, Geometry geometry) {
    this.machine = machine;
    this.mm = machine.newTask("bench").mm();
    Base file = new Base(pgmap.pfnFirst(0), geometry);
    this.address =
        mm.mmap(machine.addressSpaces().create("/dev/bench", file), DEVICE.bytes(), 0, true, true);
    mm.touch(address, DEVICE.bytes(), (byte) 0);
  }

  /** Maps every page by its own entry. */
  private record Base(long firstPfn, Geometry geometry) implements MappableFile {
    @Override
    public void mmap(VmArea vma) {}

    @Override
    public int fault(FaultRequest fault) {
      int order = geometry.order(Geometry.PTE);
      return fault.order() == order
          ? fault.insert(firstPfn + (fault.pgoff() & -1L << order))
          : VmFault.FALLBACK;
    }

    @Override
    public long mappingAlignBytes() {
      return geometry.pageBytes();
    }
  }

  /** Boots a machine of that geometry, with the kernel of 7.2. */
  public static WalkedDevice open(Geometry geometry) {
    PhysRange memory = PhysRange.ofLength(DEVICE.start(), 1L << 30);
    Machine machine =
        Machine.boot(
            new MachineSpec(
                2,
                MachineSpec.ramOf(1L << 30),
                List.of(new MachineSpec.Pmem(memory, null)),
                List.of(),
                geometry,
                TableWalker.PER_LEVEL,
                Era.V7_2));
    PagemapSpec spec =
        new PagemapSpec(
            "bench", MemoryType.GENERIC, List.of(DEVICE), geometry.order(Geometry.PTE), null, null);
    return new WalkedDevice(
        machine, machine.pagemaps().memremap(spec, DevPagemapOps.NONE), geometry);
  }

  /** gup over these tables by that walker. */
  public Gup gup(TableWalker walker) {
    return machine.gupBy(walker);
  }

  /** Pins and unpins all of it, 512 frames a call. */
  public void pinAndUnpin(Gup gup) {
    for (int first = 0; first < NR_FRAMES; first += FRAMES_PER_CALL) {
      long at = address + ((long) first << 12);
      int nr = gup.pinUserPagesFast(mm, at, FRAMES_PER_CALL, FollFlag.WRITE, pfns, first);
      if (nr != FRAMES_PER_CALL) {
        throw new IllegalStateException("pinned " + nr + " frames of " + FRAMES_PER_CALL);
      }
      gup.unpinUserPages(pfns, first, nr);
    }
  }

  /** Dumps all of it; returns a sum over the entries, so that nothing is optimised away. */
  public long dump(TableWalker walker) {
    long[] sum = {0};
    long end = address + DEVICE.bytes();
    Pagemap.dump(mm, address, end, walker, (start, stop, entry, bytes) -> sum[0] += entry);
    return sum[0];
  }

  @Override
  public void close() {
    machine.close();
  }
}
