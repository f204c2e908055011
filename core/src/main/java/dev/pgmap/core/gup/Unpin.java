package dev.pgmap.core.gup;

import dev.pgmap.api.MmException;
import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.sync.Sync;
import org.jspecify.annotations.Nullable;

/**
 * Drops what gup took: {@code unpin_user_pages} and its relatives.
 *
 * <p>Consecutive entries of one folio are dropped together. Where a pgmap's folios all have one
 * order, the head of a page follows from its pfn, and the struct pages of tails are not read.
 *
 * <p>If some of the pages cannot be dropped (removed meanwhile, or never pinned), the others are,
 * and the first failure is thrown at the end. Thread-safe; allocates nothing unless it fails.
 */
final class Unpin {
  private static final int SLICE = 512;
  private static final int LEAST_BLOCK = 16;
  private static final int MOST_BLOCK = 512;

  private final Sync sync;
  private final StructPages pages;
  private final Grab grab;
  private final PagePut put;
  private final VmStat vmstat;
  private final @Nullable LineMeter meter;

  Unpin(
      Sync sync,
      StructPages pages,
      Grab grab,
      PagePut put,
      VmStat vmstat,
      @Nullable LineMeter meter) {
    this.sync = sync;
    this.pages = pages;
    this.grab = grab;
    this.put = put;
    this.vmstat = vmstat;
    this.meter = meter;
  }

  /** {@code unpin_user_pages_dirty_lock}; with {@code dirty} false {@code unpin_user_pages}. */
  void pages(long[] pfns, int offset, int nrPages, boolean dirty) {
    int token = sync.rcu().readLock();
    MmException failure = null;
    int nrFailed = 0;
    int end = offset + nrPages;
    try {
      for (int i = offset; i < end; ) {
        int next = dropBasePages(pfns, i, Math.min(end, i + SLICE), dirty);
        if (next == i) {
          next = i + 1;
          try {
            next = runEnd(pfns, i, end);
            dropFolio(pages.headPfn(pfns[i]), next - i, dirty);
          } catch (MmException e) {
            failure = failure == null ? e : failure;
            nrFailed += next - i;
          }
        }
        i = next;
      }
    } finally {
      sync.rcu().readUnlock(token);
      vmstat.released(nrPages - nrFailed);
    }
    rethrow(failure, "unpin");
  }

  /**
   * Drops base pages as long as there are some and nothing fails. A method of its own, called slice
   * by slice, so that it is compiled as a whole rather than from the middle of a long loop.
   *
   * @return where it stopped
   */
  private int dropBasePages(long[] pfns, int from, int end, boolean dirty) {
    Grab grab = this.grab;
    boolean plain = !dirty && meter == null;
    long subsection = -1;
    long mapEntry = 0;
    int i = from;
    try {
      for (; i < end; i++) {
        long pfn = pfns[i];
        if (pfn >>> SubsectionMap.SUBSECTION_PAGES_SHIFT != subsection) {
          subsection = pfn >>> SubsectionMap.SUBSECTION_PAGES_SHIFT;
          mapEntry = pages.map().entryOf(pfn);
          if (!SubsectionMap.holdsBasePages(mapEntry)) {
            break;
          }
        }
        long rec = SubsectionMap.basePageRecord(mapEntry, pfn);
        if (!plain) {
          drop(pfn, rec, 0, 1, dirty);
        } else if (grab.put(pfn, rec, 0, 1, true)) {
          put.freed(pfn);
        }
      }
    } catch (MmException e) {
      // The caller tries this entry again by itself, and keeps the failure.
      return i;
    }
    return i;
  }

  /** Where the run of entries of one folio that begins at {@code from} ends. */
  private int runEnd(long[] pfns, int from, int end) {
    int fixedOrder = pages.map().fixedOrder(pfns[from]);
    if (fixedOrder > 0) {
      return fixedRunEnd(pfns, from, end, fixedOrder);
    }
    int next = from + 1;
    if (fixedOrder < 0) {
      long head = pages.headPfn(pfns[from]);
      while (next < end && isInFolio(pfns[next], head)) {
        next++;
      }
    }
    return next;
  }

  /**
   * The same where heads follow from pfns. Looks at blocks of entries, which the compiler turns
   * into vector instructions; a block with an entry of another folio is looked at one by one.
   * Blocks grow only while they fit, so that short runs cost no more than twice their length.
   */
  private static int fixedRunEnd(long[] pfns, int from, int end, int order) {
    long first = pfns[from];
    int next = from + 1;
    int block = LEAST_BLOCK;
    while (block <= end - next && differences(pfns, next, next + block, first) >>> order == 0) {
      next += block;
      block = Math.min(2 * block, MOST_BLOCK);
    }
    while (next < end && (pfns[next] ^ first) >>> order == 0) {
      next++;
    }
    return next;
  }

  /** The bits in which any of these entries differs from {@code first}. */
  private static long differences(long[] pfns, int from, int end, long first) {
    long differences = 0;
    for (int i = from; i < end; i++) {
      differences |= pfns[i] ^ first;
    }
    return differences;
  }

  /** False for a removed page, whose failure must be its own. */
  private boolean isInFolio(long pfn, long headPfn) {
    return pages.recordOrZero(pfn) != 0 && pages.headPfn(pfn) == headPfn;
  }

  private void dropFolio(long headPfn, int nrPins, boolean dirty) {
    drop(headPfn, pages.record(headPfn), pages.order(headPfn), nrPins, dirty);
  }

  private void drop(long headPfn, long headRec, int order, int nrPins, boolean dirty) {
    if (dirty) {
      grab.requireHeld(headPfn, headRec, order, nrPins, true);
      pages.setFlag(headRec, PageFlag.DIRTY);
    }
    if (grab.put(headPfn, headRec, order, nrPins, true)) {
      put.freed(headPfn);
    }
    if (meter != null) {
      meter.touched(headPfn, order == 0 ? 0 : nrPins, order == 0 ? 1 : 2);
    }
  }

  /**
   * {@code unpin_user_page_range_dirty_lock}: physically contiguous pages.
   *
   * @throws MmException for the first folio that could not be dropped, after the others were
   */
  void range(long firstPfn, long nrPages, boolean dirty) {
    int token = sync.rcu().readLock();
    MmException failure = null;
    try {
      for (long done = 0; done < nrPages; ) {
        long pfn = firstPfn + done;
        long nr = 1;
        try {
          long head = pages.headPfn(pfn);
          nr = Math.min(nrPages - done, head + (1L << pages.order(head)) - pfn);
          dropFolio(head, (int) nr, dirty);
          vmstat.released(nr);
        } catch (MmException e) {
          failure = failure == null ? e : failure;
        }
        done += nr;
      }
    } finally {
      sync.rcu().readUnlock(token);
    }
    rethrow(failure, "unpin");
  }

  /** {@code unpin_user_folio}: pins of one folio. */
  void folio(long pfn, int nrPins) {
    int token = sync.rcu().readLock();
    try {
      long head = pages.headPfn(pfn);
      grab.requireHeld(head, pages.record(head), pages.order(head), nrPins, true);
      dropFolio(head, nrPins, false);
      vmstat.released(nrPins);
    } catch (NoStructPage e) {
      throw put.reported(e, "unpin");
    } finally {
      sync.rcu().readUnlock(token);
    }
  }

  private void rethrow(@Nullable MmException failure, String what) {
    if (failure instanceof NoStructPage gone) {
      throw put.reported(gone, what);
    }
    if (failure != null) {
      throw failure;
    }
  }
}
