package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.PhysRange;
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
 * @param alignBytes mapping alignment: 4 KiB, 2 MiB or 1 GiB
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
  /** {@code memremap_compat_align} of x86-64, one subsection. */
  private static final long COMPAT_ALIGN_BYTES = 2L << 20;

  /** {@code nd_info_block_reserve}. */
  private static final long INFO_RESERVE_BYTES = 8192;

  private static final long STRUCT_PAGE_BYTES = 64;

  /** Whether device-dax can map with entries of this size. */
  public static boolean isSupportedAlign(long alignBytes) {
    return alignBytes == PageMath.PAGE_BYTES || alignBytes == 2L << 20 || alignBytes == 1L << 30;
  }

  /**
   * Lays out a namespace.
   *
   * @throws MmException EINVAL for a misaligned start or an align that is none, ENXIO if nothing is
   *     left for data
   */
  public static PfnSetup compute(long start, long bytes, long alignBytes, MapLocation map) {
    checkAlign(start, alignBytes);
    long unit = Math.max(alignBytes, COMPAT_ALIGN_BYTES);
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

  private static void checkAlign(long start, long alignBytes) {
    if (!isSupportedAlign(alignBytes)) {
      throw new MmException(Errno.EINVAL, "--align", alignBytes + " bytes", "4K, 2M or 1G", "");
    }
    if (!PageMath.isAligned(start, COMPAT_ALIGN_BYTES)) {
      throw new MmException(
          Errno.EINVAL,
          "namespace",
          "start 0x%x is misaligned".formatted(start),
          "a multiple of 0x%x".formatted(COMPAT_ALIGN_BYTES),
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
    long base = PageMath.alignDown(mapped.start(), COMPAT_ALIGN_BYTES) >>> PageMath.PAGE_SHIFT;
    long reserve = (INFO_RESERVE_BYTES >>> PageMath.PAGE_SHIFT) + mapped.firstPfn() - base;
    long free = (dataOffsetBytes - INFO_RESERVE_BYTES) >>> PageMath.PAGE_SHIFT;
    return new AltmapSpec(base, mapped.end() >>> PageMath.PAGE_SHIFT, reserve, free);
  }
}
