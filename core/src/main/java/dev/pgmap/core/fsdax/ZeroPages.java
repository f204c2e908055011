package dev.pgmap.core.fsdax;

import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.sync.Mutex;

/**
 * The pages of zeroes that a hole is read from: the zero page, and the huge zero page, which is
 * taken from RAM when it is first wanted and kept. Thread-safe.
 */
public final class ZeroPages {
  /** What {@link #huge} says if there is no room for it. */
  static final long NONE = -1;

  private static final long FLAGS =
      PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT | PageFlag.RESERVED.bit();

  private final MmContext mm;
  private final Mutex lock = new Mutex();
  private long huge = NONE;

  ZeroPages(MmContext mm) {
    this.mm = mm;
  }

  /** {@code my_zero_pfn}. */
  long base() {
    return mm.ordinary().zeroPfn();
  }

  /** {@code mm_get_huge_zero_folio}: its first pfn, or {@link #NONE} without room in RAM. */
  long huge() {
    lock.lock();
    try {
      if (huge == NONE) {
        huge = init(mm.ram().allocPages(DaxEntry.PMD_PAGES, DaxEntry.PMD_PAGES));
      }
      return huge;
    } catch (MmException noRoom) {
      return NONE;
    } finally {
      lock.unlock();
    }
  }

  private long init(long first) {
    StructPages pages = mm.pages();
    for (long pfn = first; pfn < first + DaxEntry.PMD_PAGES; pfn++) {
      pages.init(pages.record(pfn), FLAGS, 0);
      mm.refs().set(pfn, pages.record(pfn), 1, false);
    }
    return first;
  }
}
