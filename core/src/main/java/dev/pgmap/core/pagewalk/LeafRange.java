package dev.pgmap.core.pagewalk;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.PageTables;

/** {@code for_each_pt_leaf}: the generic walk over a range, which never splits. Stateless. */
public final class LeafRange {
  /** After how many places the page-table lock is given back for a moment. */
  private static final int PLACES_PER_LOCK = 512;

  private LeafRange() {}

  /**
   * Walks a range. The caller holds the mmap lock. An area of bare frames is one hole, as for
   * {@link PageWalk}.
   *
   * @throws MmException EINVAL for an empty range
   */
  public static void walk(Mm mm, long start, long end, LeafOps ops) {
    PageWalk.checkRange(mm, start, end);
    LeafCursor cursor = new LeafCursor();
    long at = start;
    for (Vma vma : mm.vmasIn(start, end)) {
      if (at < vma.start()) {
        ops.hole(at, vma.start());
        at = vma.start();
      }
      long next = Math.min(end, vma.end());
      if (vma.has(VmFlag.PFNMAP)) {
        ops.hole(at, next);
      } else {
        area(cursor, vma, at, next, ops);
      }
      at = next;
    }
    if (at < end) {
      ops.hole(at, end);
    }
  }

  private static void area(LeafCursor cursor, Vma vma, long start, long end, LeafOps ops) {
    PageTables tables = vma.mm().tables();
    long at = start;
    while (at < end) {
      tables.lock();
      try {
        cursor.seek(tables, at);
        for (int i = 0; i < PLACES_PER_LOCK && at < end; i++) {
          long next = Math.min(end, cursor.end());
          if (cursor.isNone()) {
            ops.hole(at, next);
          } else {
            ops.leafEntry(cursor, vma, at, next);
          }
          at = next;
          if (at < end) {
            cursor.advance();
          }
        }
      } finally {
        tables.unlock();
      }
    }
  }
}
