package dev.pgmap.shell.guptest;

import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;

/** Warns of pages that should be pinned and do not look so ({@code verify_dma_pinned}). */
final class PinCheck {
  private final Machine machine;
  private final StructPages pages;
  private final PageRefs refs;

  PinCheck(Machine machine) {
    this.machine = machine;
    this.pages = machine.structPages();
    this.refs = machine.pageRefs();
  }

  /** Stops at the first that is not pinned. */
  void check(long[] pfns, int nrPages) {
    int token = machine.sync().rcu().readLock();
    try {
      long lastHead = -1;
      for (int i = 0; i < nrPages; i++) {
        long head = pages.headPfn(pfns[i]);
        if (head != lastHead && !maybeDmaPinned(head)) {
          machine.log().warn("gup_test: pages[%d] (pfn 0x%x) is NOT dma-pinned", i, pfns[i]);
          return;
        }
        lastHead = head;
      }
    } finally {
      machine.sync().rcu().readUnlock(token);
    }
  }

  /** {@code folio_maybe_dma_pinned}. */
  private boolean maybeDmaPinned(long headPfn) {
    long rec = pages.record(headPfn);
    return pages.order(headPfn) > 0 ? pages.pincount(rec) > 0 : refs.count(rec) >= RefWord.PIN_BIAS;
  }
}
