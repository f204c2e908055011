package dev.pgmap.core.machine;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.phys.PageMath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is made of. Immutable.
 *
 * @param nrCpus simulated cpus
 * @param ram ranges of System RAM
 * @param pmem persistent memory, one region each, in the order of their numbers
 * @param softReserved memory that becomes dynamic dax regions, numbered after the pmem regions
 * @param geometry the shape of its page tables
 * @param walker who goes over them
 * @param era whose kernel it behaves like
 */
public record MachineSpec(
    int nrCpus,
    List<PhysRange> ram,
    List<Pmem> pmem,
    List<SoftReserved> softReserved,
    Geometry geometry,
    TableWalker walker,
    Era era) {

  /**
   * A persistent memory device.
   *
   * @param range its addresses
   * @param file what holds its bytes, or null for memory that is gone with the machine
   */
  public record Pmem(PhysRange range, @Nullable Path file) {}

  /**
   * Memory that firmware reserved for device-dax.
   *
   * @param range its addresses
   * @param alignBytes the region's alignment
   */
  public record SoftReserved(PhysRange range, long alignBytes) {}

  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;
  private static final long MAX_ADDRESS = 1L << 46;
  private static final long HYPERTRANSPORT_START = 0xfd_0000_0000L;
  private static final long PCI_HOLE_START = 3 * GIB;
  private static final long PCI_HOLE_END = 4 * GIB;

  private record Part(String name, PhysRange range) {}

  /**
   * Copies the lists and checks that the parts fit together.
   *
   * @throws MmException EINVAL that names the part
   */
  public MachineSpec {
    ram = List.copyOf(ram);
    pmem = List.copyOf(pmem);
    softReserved = List.copyOf(softReserved);
    require(nrCpus >= 1 && nrCpus <= 1024, "cpus", "" + nrCpus, "1 to 1024");
    require(!ram.isEmpty(), "ram", "none", "at least one range");
    checkParts(parts(ram, pmem, softReserved));
  }

  /**
   * An x86-64 machine.
   *
   * @param levels of its page tables, 4 or 5
   * @throws MmException EINVAL that names the part
   */
  public MachineSpec(
      int nrCpus,
      List<PhysRange> ram,
      List<Pmem> pmem,
      List<SoftReserved> softReserved,
      int levels,
      Era era) {
    this(nrCpus, ram, pmem, softReserved, Geometry.x86(levels), TableWalker.PER_LEVEL, era);
  }

  private static List<Part> parts(
      List<PhysRange> ram, List<Pmem> pmem, List<SoftReserved> softReserved) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < ram.size(); i++) {
      parts.add(new Part("ram " + i, ram.get(i)));
    }
    for (int i = 0; i < pmem.size(); i++) {
      parts.add(new Part("pmem " + i, pmem.get(i).range()));
    }
    for (int i = 0; i < softReserved.size(); i++) {
      parts.add(new Part("dax " + i, softReserved.get(i).range()));
    }
    parts.sort(Comparator.comparingLong(part -> part.range().start()));
    return parts;
  }

  private static void checkParts(List<Part> parts) {
    Part before = null;
    for (Part part : parts) {
      PhysRange range = part.range();
      require(
          PageMath.isAligned(range.start(), PageMath.PAGE_BYTES)
              && PageMath.isAligned(range.bytes(), PageMath.PAGE_BYTES),
          part.name(),
          range.toString(),
          "start and size that are multiples of 4096");
      require(range.end() < MAX_ADDRESS, part.name(), range.toString(), "an end below 64 TiB");
      if (before != null) {
        require(
            before.range().end() < range.start(),
            part.name() + " " + range,
            "overlaps " + before.name() + " " + before.range(),
            "parts that do not overlap");
      }
      before = part;
    }
  }

  private static void require(boolean holds, String object, String found, String expected) {
    if (!holds) {
      throw new MmException(Errno.EINVAL, "machine: " + object, found, expected, "");
    }
  }

  /** Two cpus, 4 GiB of RAM, one pmem region of 256 GiB at 16 GiB, 4 levels, era 7.2. */
  public static MachineSpec standard() {
    Pmem pmem = new Pmem(PhysRange.ofLength(16 * GIB, 256 * GIB), null);
    return new MachineSpec(2, ramOf(4 * GIB), List.of(pmem), List.of(), 4, Era.V7_2);
  }

  /**
   * RAM of that size as a PC has it: below 640 KiB, from 1 MiB, and around the PCI hole.
   *
   * @throws MmException EINVAL if it does not reach above the first MiB
   */
  public static List<PhysRange> ramOf(long bytes) {
    require(bytes > MIB, "ram", bytes + " bytes", "more than 1 MiB");
    List<PhysRange> ranges = new ArrayList<>();
    ranges.add(new PhysRange(0x1000, 0x9ffff));
    ranges.add(new PhysRange(MIB, Math.min(bytes, PCI_HOLE_START) - 1));
    if (bytes > PCI_HOLE_START) {
      ranges.add(PhysRange.ofLength(PCI_HOLE_END, bytes - PCI_HOLE_START));
    }
    return ranges;
  }

  /** The same machine with another kernel. */
  public MachineSpec withEra(Era other) {
    return new MachineSpec(nrCpus, ram, pmem, softReserved, geometry, walker, other);
  }

  /** The same machine with another walker. */
  public MachineSpec withWalker(TableWalker other) {
    return new MachineSpec(nrCpus, ram, pmem, softReserved, geometry, other, era);
  }

  /** The same machine with page tables of another shape. */
  public MachineSpec withGeometry(Geometry other) {
    return new MachineSpec(nrCpus, ram, pmem, softReserved, other, walker, era);
  }

  /**
   * One past the highest physical address. Memory that a CPU cannot reach (device-private) lies at
   * the top of it, which on a PC is below the range that HyperTransport keeps, and here at least 16
   * GiB above all parts.
   */
  long addressLimit() {
    return Math.max(HYPERTRANSPORT_START, PageMath.alignUp(endAddress(), GIB) + 16 * GIB);
  }

  /** One past the highest address of any part. */
  long endAddress() {
    return parts(ram, pmem, softReserved).getLast().range().end() + 1;
  }
}
