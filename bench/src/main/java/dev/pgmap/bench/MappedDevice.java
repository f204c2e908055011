package dev.pgmap.bench;

import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.pgmap.DevPagemap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine with one device online, all of it mapped by one task and faulted in: what a benchmark
 * of gup needs.
 *
 * <p>The device goes online by {@code memremap}, as a driver brings it online, and its faults are
 * answered by {@link LinearFile}. So no plugin is needed, and the calls that are measured are the
 * engine's own.
 */
public final class MappedDevice implements AutoCloseable {
  private static final long GIB = 1L << 30;
  private static final long START = 16 * GIB;

  private final Machine machine;
  private final DevPagemap pgmap;
  private final Mm mm;
  private final long address;
  private final int nrPages;

  private MappedDevice(Machine machine, DevPagemap pgmap, PageSize size, long bytes) {
    this.machine = machine;
    this.pgmap = pgmap;
    this.nrPages = Math.toIntExact(bytes >>> 12);
    LinearFile file = new LinearFile(pgmap.pfnFirst(0), size);
    this.mm = machine.newTask("bench").mm();
    this.address =
        mm.mmap(machine.addressSpaces().create("/dev/bench", file), bytes, 0, true, true);
    mm.touch(address, bytes, (byte) 0);
  }

  /**
   * Boots a machine and brings the device online.
   *
   * @param bytes how much is mapped, a multiple of the page size
   * @param inDevice whether the struct pages live in the device itself (an altmap), so that all of
   *     them have memory of their own, rather than in RAM
   */
  public static MappedDevice open(Era era, PageSize size, long bytes, boolean inDevice) {
    long memmapBytes = inDevice ? memmapBytes(bytes, size) : 0;
    PhysRange range = PhysRange.ofLength(START, memmapBytes + bytes);
    Machine machine = Machine.boot(specFor(era, range));
    try {
      DevPagemap pgmap =
          machine.pagemaps().memremap(pagemapSpec(range, size, memmapBytes), DevPagemapOps.NONE);
      return new MappedDevice(machine, pgmap, size, bytes);
    } catch (MmException e) {
      machine.close();
      throw e;
    }
  }

  private static MachineSpec specFor(Era era, PhysRange device) {
    long ramBytes = 2 * GIB + device.bytes() / 32;
    List<MachineSpec.Pmem> pmem = List.of(new MachineSpec.Pmem(grown(device), null));
    return new MachineSpec(2, MachineSpec.ramOf(ramBytes), pmem, List.of(), 4, era);
  }

  /** The engine refuses a device that ends where the address space ends. */
  private static PhysRange grown(PhysRange device) {
    return PhysRange.ofLength(device.start(), device.bytes() + GIB);
  }

  private static PagemapSpec pagemapSpec(PhysRange range, PageSize size, long memmapBytes) {
    @Nullable AltmapSpec altmap =
        memmapBytes == 0
            ? null
            : new AltmapSpec(range.firstPfn(), range.endPfn() - 1, 0, memmapBytes >>> 12);
    return new PagemapSpec("bench", MemoryType.GENERIC, List.of(range), size.order(), altmap, null);
  }

  /** A 64th of the device, this part included; aligned so that compounds are. */
  private static long memmapBytes(long bytes, PageSize size) {
    return alignUp(bytes / 63 + 1, Math.max(size.bytes(), PageSize.SIZE_2M.bytes()));
  }

  private static long alignUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The device's pgmap. */
  public DevPagemap pgmap() {
    return pgmap;
  }

  /** How many 4 KiB pages are mapped. */
  public int nrPages() {
    return nrPages;
  }

  /** The first pfn that is mapped. */
  public long firstPfn() {
    return pgmap.pfnFirst(0);
  }

  /**
   * Pins all pages for writing, in calls of {@code batch} pages.
   *
   * @param pfns receives every page
   */
  public void pinAll(long[] pfns, int batch) {
    for (int done = 0; done < nrPages; done += batch) {
      pin(pfns, done, Math.min(batch, nrPages - done));
    }
  }

  /** Pins some pages in one call; the page number in the device is the place in the array. */
  public void pin(long[] pfns, int first, int nr) {
    long at = address + ((long) first << 12);
    int got = machine.gup().pinUserPagesFast(mm, at, nr, FollFlag.WRITE, pfns, first);
    if (got != nr) {
      throw new IllegalStateException("pinned " + got + " pages of " + nr);
    }
  }

  /** Drops the pins of all pages in one call. */
  public void unpinAll(long[] pfns) {
    unpin(pfns, 0, nrPages);
  }

  /** Drops the pins of some pages in one call. */
  public void unpin(long[] pfns, int first, int nr) {
    machine.gup().unpinUserPages(pfns, first, nr);
  }

  /**
   * Checks every folio's counts: a run that counts wrong must not yield a time.
   *
   * @param pins how often each page is pinned now
   * @throws IllegalStateException that names the page
   */
  public void checkPins(int pins) {
    int order = pgmap.vmemmapShift();
    int pinsPerFolio = pins << order;
    for (long head = firstPfn(); head < firstPfn() + nrPages; head += 1L << order) {
      long rec = machine.structPages().record(head);
      int pincount = order == 0 ? 0 : machine.structPages().pincount(rec);
      int users = RefWord.users(machine.pageRefs().word(rec));
      int expected = order == 0 ? pins * RefWord.PIN_BIAS : pinsPerFolio;
      int mapped = users - expected;
      if (mapped < 0 || mapped > 1 || (order > 0 && pincount != pinsPerFolio)) {
        throw new IllegalStateException(
            "page 0x%x: %d users, %d pins, expected %d users"
                .formatted(head, users, pincount, expected));
      }
    }
  }

  @Override
  public void close() {
    machine.close();
  }
}
