package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has which part of a dynamic dax region: {@code dev_dax_resize} as pure arithmetic, as of 7.0.
 *
 * <p>A device that grows takes the first gap of the region, then the next: the gap before the first
 * allocation, gaps between allocations, the end. Where the gap follows the device's own last range,
 * that range is extended; else a new range is added. So a device's ranges are in the order of its
 * file, not of their addresses. A device that shrinks gives back whole ranges from its end, then a
 * part of the last one. Every call computes a new list and changes nothing.
 */
final class DaxSpace {
  private final PhysRange region;
  private final long regionAlignBytes;
  private final long compatAlignBytes;

  /** A region; {@code compatAlignBytes} is what {@code memremap_compat_align} says. */
  DaxSpace(PhysRange region, long regionAlignBytes, long compatAlignBytes) {
    this.region = region;
    this.compatAlignBytes = compatAlignBytes;
    this.regionAlignBytes = regionAlignBytes;
  }

  /** Bytes of the region that none of these ranges has. */
  long availableBytes(Collection<PhysRange> used) {
    return region.bytes() - used.stream().mapToLong(PhysRange::bytes).sum();
  }

  /**
   * Resizes a device.
   *
   * @param own its ranges in file order
   * @param others the ranges of all other devices
   * @param bytes the size to reach
   * @param alignBytes the device's alignment
   * @return its ranges after that
   * @throws MmException EINVAL for a size that is no multiple of the alignment, ENOSPC
   */
  List<PhysRange> resize(
      List<PhysRange> own, Collection<PhysRange> others, long bytes, long alignBytes) {
    checkSize(bytes, alignBytes);
    long current = own.stream().mapToLong(PhysRange::bytes).sum();
    if (bytes <= current) {
      return shrink(own, current - bytes);
    }
    List<PhysRange> used = new ArrayList<>(others);
    used.addAll(own);
    long available = availableBytes(used);
    if (bytes - current > available) {
      throw new MmException(
          Errno.ENOSPC,
          "dax region " + region,
          "%d bytes more asked for, %d available".formatted(bytes - current, available),
          "at most what is available",
          "see daxctl list -R");
    }
    checkGrowth(bytes - current, alignBytes);
    return grow(own, others, bytes - current);
  }

  /**
   * Adds a range that somebody names.
   *
   * @param own the device's ranges in file order
   * @param others the ranges of all other devices
   * @throws MmException ENXIO for a length that is no multiple of the alignment, ENOMEM if the
   *     range is outside of the region, in use, or misaligned in it
   */
  List<PhysRange> add(
      List<PhysRange> own, Collection<PhysRange> others, PhysRange added, long alignBytes) {
    checkGrowth(added.bytes(), alignBytes);
    List<PhysRange> used = new ArrayList<>(others);
    used.addAll(own);
    boolean aligned =
        PageMath.isAligned(added.start(), regionAlignBytes)
            && PageMath.isAligned(added.bytes(), regionAlignBytes);
    if (!region.contains(added) || !aligned || used.stream().anyMatch(added::overlaps)) {
      throw new MmException(
          Errno.ENOMEM,
          "dax region " + region,
          "range " + added + ", in use, misaligned or elsewhere",
          "a free range of the region, aligned to " + regionAlignBytes,
          "see daxctl list -DM");
    }
    List<PhysRange> result = new ArrayList<>(own);
    result.add(added);
    return result;
  }

  private void checkGrowth(long bytes, long alignBytes) {
    if (bytes % Math.max(alignBytes, compatAlignBytes) != 0) {
      throw new MmException(
          Errno.ENXIO,
          "size",
          "grows by %d bytes, misaligned".formatted(bytes),
          "growth by multiples of the align " + alignBytes,
          "set the size to 0 first");
    }
  }

  /** Refuses a size that no device of this alignment can have. */
  void checkSize(long bytes, long alignBytes) {
    long unit = Math.max(alignBytes, compatAlignBytes);
    if (bytes < 0 || bytes % unit != 0) {
      throw new MmException(
          Errno.EINVAL, "size", bytes + " bytes", "a multiple of " + unit, "see --align");
    }
  }

  private static List<PhysRange> shrink(List<PhysRange> own, long bytes) {
    List<PhysRange> kept = new ArrayList<>(own);
    long left = bytes;
    while (left > 0) {
      PhysRange last = kept.removeLast();
      if (last.bytes() > left) {
        kept.add(PhysRange.ofLength(last.start(), last.bytes() - left));
        return kept;
      }
      left -= last.bytes();
    }
    return kept;
  }

  private List<PhysRange> grow(List<PhysRange> own, Collection<PhysRange> others, long bytes) {
    List<PhysRange> grown = new ArrayList<>(own);
    long left = bytes;
    while (left > 0) {
      PhysRange gap = firstGap(grown, others);
      PhysRange taken = PhysRange.ofLength(gap.start(), Math.min(gap.bytes(), left));
      checkRegionAlign(taken);
      PhysRange last = grown.isEmpty() ? null : grown.getLast();
      if (last != null && follows(taken, last)) {
        grown.removeLast();
        grown.add(new PhysRange(last.start(), taken.end()));
      } else {
        grown.add(taken);
      }
      left -= taken.bytes();
    }
    return grown;
  }

  /**
   * Whether the space directly after the device's last range is being taken ({@code adjust_ok}).
   */
  private static boolean follows(PhysRange taken, PhysRange last) {
    return last.end() + 1 == taken.start();
  }

  private PhysRange firstGap(List<PhysRange> own, Collection<PhysRange> others) {
    List<PhysRange> used = new ArrayList<>(others);
    used.addAll(own);
    used.sort(Comparator.comparingLong(PhysRange::start));
    long at = region.start();
    for (PhysRange taken : used) {
      PhysRange gap = gap(at, taken.start());
      if (gap != null) {
        return gap;
      }
      at = taken.end() + 1;
    }
    PhysRange end = gap(at, region.end() + 1);
    if (end == null) {
      throw new MmException(Errno.ENOSPC, "dax region " + region, "full", "a gap", "");
    }
    return end;
  }

  private static @Nullable PhysRange gap(long start, long end) {
    return start < end ? PhysRange.ofLength(start, end - start) : null;
  }

  private void checkRegionAlign(PhysRange range) {
    if (!PageMath.isAligned(range.start(), regionAlignBytes)
        || !PageMath.isAligned(range.bytes(), regionAlignBytes)) {
      throw new MmException(
          Errno.ENOSPC,
          "dax region " + region,
          "an extent " + range + " that is misaligned",
          "extents aligned to the region's " + regionAlignBytes + " bytes",
          "use sizes that are multiples of the region's align");
    }
  }
}
