package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.PageMath;
import org.jspecify.annotations.Nullable;

/**
 * How a devdax namespace is laid out: info block, struct pages, data, rest. The arithmetic of
 * {@code nd_pfn_init} and {@code __nvdimm_setup_pfn}, as of 7.0.
 *
 * <pre>
 * start        +4K          +8K            +dataOffset                 +bytes
 *   | reserved | info block | struct pages, | data, nrDataPages | end_trunc |
 *   |          |            | padding       | pages             |           |
 * </pre>
 *
 * <p>With struct pages in RAM the third part is padding only.
 *
 * @param start first byte of the namespace
 * @param bytes its size
 * @param alignBytes mapping alignment: 4 KiB, 2 MiB or 1 GiB on x86-64
 * @param map where the struct pages live
 * @param dataOffsetBytes from {@code start} to the data, {@code dataoff}
 * @param nrDataPages 4 KiB pages of data, {@code npfns}
 * @param endTruncBytes what is cut off the end for alignment, {@code end_trunc}
 */
public record PfnSetup(
    long start,
    long bytes,
    long alignBytes,
    MapLocation map,
    long dataOffsetBytes,
    long nrDataPages,
    long endTruncBytes) {
  /** {@code nd_info_block_reserve}. */
  private static final long INFO_RESERVE_BYTES = 8192;

  private static final long STRUCT_PAGE_BYTES = 64;

  /**
   * Lays out a namespace of an x86-64 machine.
   *
   * @throws MmException EINVAL for a misaligned start or an align that is none, ENXIO if nothing is
   *     left for data
   */
  public static PfnSetup compute(long start, long bytes, long alignBytes, MapLocation map) {
    return compute(Geometry.x86(4), start, bytes, alignBytes, map);
  }

  /** The same on a machine whose page tables map other sizes. */
  public static PfnSetup compute(
      Geometry geometry, long start, long bytes, long alignBytes, MapLocation map) {
    checkAlign(geometry, start, alignBytes);
    long unit = Math.max(alignBytes, geometry.compatAlignBytes());
    long end = start + bytes;
    long endTrunc = end - PageMath.alignDown(end, unit);
    long head = INFO_RESERVE_BYTES;
    if (map == MapLocation.DEV) {
      head += STRUCT_PAGE_BYTES * ((bytes - INFO_RESERVE_BYTES) / PageMath.PAGE_BYTES);
    }
    long dataOffset = PageMath.alignUp(start + head, unit) - start;
    if (dataOffset >= bytes - endTrunc) {
      throw new MmException(
          Errno.ENXIO,
          "namespace of " + bytes + " bytes at 0x%x".formatted(start),
          "no data page is left at align " + alignBytes,
          "room after the info block and the struct pages",
          "use a larger size or a smaller align");
    }
    long nrPages = (bytes - dataOffset - endTrunc) / PageMath.PAGE_BYTES;
    return new PfnSetup(start, bytes, alignBytes, map, dataOffset, nrPages, endTrunc);
  }

  private static void checkAlign(Geometry geometry, long start, long alignBytes) {
    if (!geometry.mappingBytes().contains(alignBytes)) {
      throw new MmException(
          Errno.EINVAL, "--align", alignBytes + " bytes", geometry.mappingSizes(), "");
    }
    long compatAlignBytes = geometry.compatAlignBytes();
    if (!PageMath.isAligned(start, compatAlignBytes)) {
      throw new MmException(
          Errno.EINVAL,
          "namespace",
          "start 0x%x is misaligned".formatted(start),
          "a multiple of 0x%x".formatted(compatAlignBytes),
          "");
    }
  }

  /** The whole namespace. */
  public PhysRange namespaceRange() {
    return PhysRange.ofLength(start, bytes);
  }

  /** What the pgmap covers: the namespace without what is cut off its end. */
  public PhysRange pagemapRange() {
    return PhysRange.ofLength(start, bytes - endTruncBytes);
  }

  /** The data: what a mapping of the device shows. */
  public PhysRange dataRange() {
    return PhysRange.ofLength(start + dataOffsetBytes, nrDataPages * PageMath.PAGE_BYTES);
  }

  /** Everything before the data, which the nvdimm side keeps. */
  public PhysRange headRange() {
    return PhysRange.ofLength(start, dataOffsetBytes);
  }

  /** The altmap that the struct pages come from, or null where they live in RAM. */
  public @Nullable AltmapSpec altmap() {
    if (map == MapLocation.MEM) {
      return null;
    }
    PhysRange mapped = pagemapRange();
    long base = mapped.start() >>> PageMath.PAGE_SHIFT;
    long reserve = (INFO_RESERVE_BYTES >>> PageMath.PAGE_SHIFT) + mapped.firstPfn() - base;
    long free = (dataOffsetBytes - INFO_RESERVE_BYTES) >>> PageMath.PAGE_SHIFT;
    return new AltmapSpec(base, mapped.end() >>> PageMath.PAGE_SHIFT, reserve, free);
  }
}
