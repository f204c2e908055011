package dev.pgmap.core.phys;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.sync.Mutex;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The page frames of System RAM: which are free, and who may have some.
 *
 * <p>Free frames are kept as extents, and the lowest extent that fits is used, so that large
 * requests (the struct pages of a section) stay contiguous. Frames are given back to the host when
 * they are freed. Thread-safe.
 */
public final class Ram {
  private final PhysicalMemory memory;
  private final List<PhysRange> ranges;
  private final Mutex lock = new Mutex();
  private final TreeMap<Long, Long> freeExtents = new TreeMap<>();
  private long freePages;

  /** All frames of these ranges are free. */
  public Ram(PhysicalMemory memory, List<PhysRange> ranges) {
    this.memory = memory;
    this.ranges = List.copyOf(ranges);
    for (PhysRange range : this.ranges) {
      freeExtents.put(range.firstPfn(), range.nrPages());
      freePages += range.nrPages();
    }
  }

  /**
   * Takes contiguous frames.
   *
   * @param nrPages how many
   * @param alignPages a power of two that the first pfn is a multiple of
   * @return the first pfn
   * @throws MmException ENOMEM if no extent fits; nothing is taken
   */
  public long allocPages(long nrPages, long alignPages) {
    lock.lock();
    try {
      for (Map.Entry<Long, Long> extent : freeExtents.entrySet()) {
        long first = PageMath.alignUp(extent.getKey(), alignPages);
        if (first + nrPages <= extent.getKey() + extent.getValue()) {
          take(extent.getKey(), extent.getValue(), first, nrPages);
          return first;
        }
      }
      throw new MmException(
          Errno.ENOMEM,
          "RAM",
          "%d pages free (%d MiB)".formatted(freePages, freePages >> 8),
          "%d contiguous pages (%d MiB)".formatted(nrPages, nrPages >> 8),
          "use a machine with more RAM, or keep struct pages in the device (map dev)");
    } finally {
      lock.unlock();
    }
  }

  private void take(long extentFirst, long extentPages, long first, long nrPages) {
    freeExtents.remove(extentFirst);
    if (first > extentFirst) {
      freeExtents.put(extentFirst, first - extentFirst);
    }
    long end = first + nrPages;
    long extentEnd = extentFirst + extentPages;
    if (end < extentEnd) {
      freeExtents.put(end, extentEnd - end);
    }
    freePages -= nrPages;
  }

  /**
   * Gives frames back; their bytes are forgotten.
   *
   * @throws IllegalStateException if one of them is free already, or is no RAM; nothing changed
   */
  public void freePages(long firstPfn, long nrPages) {
    PhysRange freed = PhysRange.ofLength(firstPfn << 12, nrPages << 12);
    lock.lock();
    try {
      Map.Entry<Long, Long> before = freeExtents.floorEntry(firstPfn);
      Map.Entry<Long, Long> after = freeExtents.ceilingEntry(firstPfn);
      boolean overlapsBefore = before != null && before.getKey() + before.getValue() > firstPfn;
      boolean overlapsAfter = after != null && after.getKey() < firstPfn + nrPages;
      if (overlapsBefore || overlapsAfter) {
        throw new IllegalStateException("double free of RAM at pfn 0x%x".formatted(firstPfn));
      }
      if (!isRam(firstPfn, nrPages)) {
        throw new IllegalStateException("free of what is no RAM at pfn 0x%x".formatted(firstPfn));
      }
      memory.discard(freed);
      merge(firstPfn, nrPages, before, after);
      freePages += nrPages;
    } finally {
      lock.unlock();
    }
  }

  private boolean isRam(long firstPfn, long nrPages) {
    long inRam = 0;
    for (PhysRange range : ranges) {
      long first = Math.max(firstPfn, range.firstPfn());
      inRam += Math.max(0, Math.min(firstPfn + nrPages, range.endPfn()) - first);
    }
    return inRam == nrPages;
  }

  private void merge(
      long firstPfn,
      long nrPages,
      Map.@Nullable Entry<Long, Long> before,
      Map.@Nullable Entry<Long, Long> after) {
    long first = firstPfn;
    long pages = nrPages;
    if (before != null && before.getKey() + before.getValue() == firstPfn) {
      first = before.getKey();
      pages += before.getValue();
    }
    if (after != null && after.getKey() == firstPfn + nrPages) {
      freeExtents.remove(after.getKey());
      pages += after.getValue();
    }
    freeExtents.put(first, pages);
  }

  /** The ranges of System RAM. */
  public List<PhysRange> ranges() {
    return ranges;
  }

  /** Frames in all. */
  public long totalPages() {
    return ranges.stream().mapToLong(PhysRange::nrPages).sum();
  }

  /** Frames that nobody has. */
  public long freePages() {
    lock.lock();
    try {
      return freePages;
    } finally {
      lock.unlock();
    }
  }
}
