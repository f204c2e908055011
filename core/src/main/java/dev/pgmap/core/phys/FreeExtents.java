package dev.pgmap.core.phys;

import java.util.Map;
import java.util.TreeMap;

/**
 * The free frames of a zone or a pool, as extents that never touch each other.
 *
 * <p>The lowest extent that fits is used. Not thread-safe: whoever has it holds a lock.
 */
public final class FreeExtents {
  private final TreeMap<Long, Long> pagesByFirstPfn = new TreeMap<>();
  private long nrPages;

  /** How many frames are free. */
  public long nrPages() {
    return nrPages;
  }

  /** Takes contiguous frames; -1 if no extent fits. */
  public long take(long pages, long alignPages) {
    for (Map.Entry<Long, Long> extent : pagesByFirstPfn.entrySet()) {
      long first = PageMath.alignUp(extent.getKey(), alignPages);
      if (first + pages <= extent.getKey() + extent.getValue()) {
        cut(extent.getKey(), extent.getValue(), first, pages);
        return first;
      }
    }
    return -1;
  }

  private void cut(long extentFirst, long extentPages, long first, long pages) {
    pagesByFirstPfn.remove(extentFirst);
    if (first > extentFirst) {
      pagesByFirstPfn.put(extentFirst, first - extentFirst);
    }
    long end = first + pages;
    long extentEnd = extentFirst + extentPages;
    if (end < extentEnd) {
      pagesByFirstPfn.put(end, extentEnd - end);
    }
    nrPages -= pages;
  }

  /** How many frames of a range are free. */
  public long freeIn(long firstPfn, long pages) {
    long free = 0;
    Map.Entry<Long, Long> extent = pagesByFirstPfn.lowerEntry(firstPfn + pages);
    while (extent != null && extent.getKey() + extent.getValue() > firstPfn) {
      long first = Math.max(firstPfn, extent.getKey());
      free += Math.min(firstPfn + pages, extent.getKey() + extent.getValue()) - first;
      extent = pagesByFirstPfn.lowerEntry(extent.getKey());
    }
    return free;
  }

  /** Takes frames that are all free. */
  public void remove(long firstPfn, long pages) {
    Map.Entry<Long, Long> extent = pagesByFirstPfn.floorEntry(firstPfn);
    if (extent == null || extent.getKey() + extent.getValue() < firstPfn + pages) {
      throw new IllegalArgumentException("not all free from pfn 0x%x".formatted(firstPfn));
    }
    cut(extent.getKey(), extent.getValue(), firstPfn, pages);
  }

  /** Adds frames of which none is free. */
  public void add(long firstPfn, long pages) {
    long first = firstPfn;
    long merged = pages;
    Map.Entry<Long, Long> before = pagesByFirstPfn.lowerEntry(firstPfn);
    if (before != null && before.getKey() + before.getValue() == firstPfn) {
      first = before.getKey();
      merged += before.getValue();
    }
    Long after = pagesByFirstPfn.remove(firstPfn + pages);
    pagesByFirstPfn.put(first, merged + (after == null ? 0 : after));
    nrPages += pages;
  }
}
