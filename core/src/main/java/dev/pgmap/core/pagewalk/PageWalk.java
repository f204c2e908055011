package dev.pgmap.core.pagewalk;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.LevelWalk;
import dev.pgmap.core.pgtable.PageTables;

/** {@code walk_page_range}: areas and the gaps between them, then level by level. Stateless. */
public final class PageWalk {
  private PageWalk() {}

  /**
   * Walks a range. The caller holds the mmap lock.
   *
   * <p>Where a callback of a lower level meets a huge entry, that is split first: for a DAX file it
   * is cleared and faulted in anew. Who does not want that handles huge entries in the callback of
   * their level.
   *
   * @return 0, or what the first callback that did not answer 0 answered
   * @throws MmException EINVAL for an empty range
   */
  @KernelFunction("walk_page_range")
  public static int walkRange(Mm mm, long start, long end, MmWalkOps ops) {
    checkRange(mm, start, end);
    long at = start;
    int result = 0;
    for (Vma vma : mm.vmasIn(start, end)) {
      if (at < vma.start()) {
        result = ops.pteHole(at, vma.start(), -1);
        at = vma.start();
      }
      long next = Math.min(end, vma.end());
      if (result == 0) {
        result = area(vma, at, next, ops);
      }
      if (result != 0) {
        return result;
      }
      at = next;
    }
    return at < end ? ops.pteHole(at, end, -1) : 0;
  }

  static void checkRange(Mm mm, long start, long end) {
    if (start < 0 || start >= end || end > mm.taskSizeMax()) {
      throw new MmException(
          Errno.EINVAL,
          mm + ": page walk",
          "0x%x to 0x%x".formatted(start, end),
          "a range of user space that is not empty",
          "");
    }
  }

  private static int area(Vma vma, long start, long end, MmWalkOps ops) {
    int test = ops.testWalk(vma, start, end);
    if (test != 0) {
      return Math.min(test, 0);
    }
    int result = ops.preVma(vma, start, end);
    if (result == 0) {
      result =
          vma.has(VmFlag.HUGETLB)
              ? hugetlbRange(vma, start, end, ops)
              : LevelWalk.walk(
                  vma.mm().tables(),
                  start,
                  end,
                  ops,
                  (address, level) -> vma.mm().splitHuge(vma, address));
      ops.postVma(vma);
    }
    return result;
  }

  /** {@code walk_hugetlb_range}: whole hugetlb pages, whatever levels and groups they are of. */
  private static int hugetlbRange(Vma vma, long start, long end, MmWalkOps ops) {
    PageTables tables = vma.mm().tables();
    LeafCursor cursor = new LeafCursor();
    int result = 0;
    long next;
    for (long at = start; at < end && result == 0; at = next) {
      tables.lock();
      try {
        cursor.seek(tables, at);
        next = Math.min(end, cursor.end());
        result =
            cursor.isNone() ? ops.pteHole(at, next, -1) : ops.hugetlbEntry(cursor, vma, at, next);
      } finally {
        tables.unlock();
      }
    }
    return result;
  }
}
