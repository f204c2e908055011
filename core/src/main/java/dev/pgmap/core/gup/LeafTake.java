package dev.pgmap.core.gup;

import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * How a fast walk takes the pages of one leaf, and gives them back where it must. Shared by both
 * walkers; callers are inside a read section of RCU. Nothing is allocated.
 */
final class LeafTake {
  private final StructPages pages;
  private final Pagemaps pagemaps;
  private final Grab grab;
  private final Unshare unshare;
  private final PagePut put;
  private final GupPolicies policies;
  private final @Nullable LineMeter meter;

  LeafTake(
      StructPages pages,
      Pagemaps pagemaps,
      Grab grab,
      Unshare unshare,
      PagePut put,
      GupPolicies policies,
      @Nullable LineMeter meter) {
    this.pages = pages;
    this.pagemaps = pagemaps;
    this.grab = grab;
    this.unshare = unshare;
    this.put = put;
    this.policies = policies;
    this.meter = meter;
  }

  /** Whether the fast walk takes pages behind a present leaf at all. */
  boolean mayTake(long entry, int flags) {
    return Pte.permits(entry, (flags & FollFlag.WRITE) != 0)
        && !Pte.isSpecial(entry)
        && !(Pte.isDevmap(entry)
            && (flags & FollFlag.LONGTERM) != 0
            && policies.longterm() != LongtermRule.PGMAP_FLAG);
  }

  /** {@code gup_fast_pmd_leaf}, {@code gup_fast_pud_leaf}: pages of one leaf, all or none. */
  boolean leaf(PageTable table, int index, long entry, long pfn, int nrPages, int flags) {
    return policies.leafWalk() == LeafWalk.WHOLE_LEAF || !Pte.isDevmap(entry)
        ? wholeLeaf(table, index, entry, pfn, nrPages, flags)
        : perPage(table, index, entry, pfn, nrPages, flags);
  }

  /** Pages of one folio, by one addition, whatever kind of leaf it is. */
  boolean wholeLeaf(PageTable table, int index, long entry, long pfn, int nrPages, int flags) {
    boolean pin = grab.isPin(flags);
    long head = pages.headPfn(pfn);
    long rec = pages.recordOrZero(head);
    if (rec == 0) {
      return false;
    }
    int order = pages.order(head);
    if (isRefusedLongterm(pfn, head, rec, order, nrPages, flags)
        || !grab.tryGrab(pfn, head, rec, order, nrPages, pin)) {
      return false;
    }
    long now = table.loadAcquire(index);
    if (now != entry || !isAllowed(rec, flags) || unshare.isNeeded(entry, head, flags)) {
      GupEvents.recheck(pfn, entry, now);
      giveBack(head, rec, order, nrPages, pin);
      return false;
    }
    StructPages.markReferenced(rec);
    if (meter != null) {
      meter.touched(head, order == 0 ? 0 : 1, order == 0 ? 1 : pin ? 2 : 1);
    }
    return true;
  }

  /**
   * Whether the folio's type rules out the longterm pin that is asked for ({@code
   * folio_is_longterm_pinnable}): its blocks may move, or it has to leave the device. A kernel
   * after 6.1 looks at the type only when it has the folio, so it is taken and given back.
   */
  boolean isRefusedLongterm(
      long pfn, long headPfn, long headRec, int order, int nrPages, int flags) {
    if ((flags & FollFlag.LONGTERM) == 0
        || LongtermCheck.keepsFast(pages, headRec, policies.longterm())) {
      return false;
    }
    if (policies.rules().contains(GupPolicies.Rule.TAKES_BEFORE_LONGTERM_TEST)
        && grab.tryGrab(pfn, headPfn, headRec, order, nrPages, false)) {
      giveBack(headPfn, headRec, order, nrPages, false);
    }
    return true;
  }

  /** {@code __gup_device_huge}: base page by base page, the pgmap looked up for each. */
  private boolean perPage(
      PageTable table, int index, long entry, long firstPfn, int nrPages, int flags) {
    boolean pin = grab.isPin(flags);
    DevPagemap pgmap = null;
    int nr = 0;
    while (nr < nrPages) {
      long pfn = firstPfn + nr;
      if (policies.looksUpPagemap()) {
        pgmap = pagemaps.getDevPagemap(pfn, pgmap);
        if (pgmap == null) {
          break;
        }
      }
      if (!takeLeafPage(pfn, flags)) {
        break;
      }
      nr++;
    }
    pagemaps.putDevPagemap(pgmap);
    if (nr < nrPages || table.loadAcquire(index) != entry) {
      undoRange(firstPfn, nr, pin);
      return false;
    }
    meterPerPage(firstPfn, nrPages, pin);
    return true;
  }

  private boolean takeLeafPage(long pfn, int flags) {
    boolean pin = grab.isPin(flags);
    long head = pages.headPfn(pfn);
    long rec = pages.recordOrZero(head);
    if (rec == 0 || !isAllowed(rec, flags)) {
      return false;
    }
    int order = pages.order(head);
    if (isRefusedLongterm(pfn, head, rec, order, 1, flags)) {
      return false;
    }
    StructPages.markReferenced(rec);
    return policies.leafWalk() == LeafWalk.PER_PAGE_TRY
        ? grab.tryGrab(pfn, head, rec, order, 1, pin)
        : grab.grabStable(head, rec, order, 1, pin);
  }

  private void meterPerPage(long firstPfn, int nrPages, boolean pin) {
    if (meter != null) {
      boolean base = pages.order(pages.headPfn(firstPfn)) == 0;
      long written = base ? nrPages : pin ? 2 : 1;
      meter.touched(firstPfn, base ? 0 : nrPages, written);
    }
  }

  void undo(long[] pfns, int offset, int nrPages, boolean pin) {
    for (int i = 0; i < nrPages; i++) {
      undoRange(pfns[offset + i], 1, pin);
    }
  }

  private void undoRange(long firstPfn, int nrPages, boolean pin) {
    for (long pfn = firstPfn; pfn < firstPfn + nrPages; pfn++) {
      long head = pages.headPfn(pfn);
      giveBack(head, pages.record(head), pages.order(head), 1, pin);
    }
  }

  void giveBack(long headPfn, long headRec, int order, int nrPages, boolean pin) {
    GupEvents.undo(headPfn, nrPages);
    if (grab.put(headPfn, headRec, order, nrPages, pin)) {
      put.freed(headPfn);
    }
  }

  /** {@code gup_fast_folio_allowed}: what only the slow path may pin. */
  boolean isAllowed(long headRec, int flags) {
    if ((flags & FollFlag.PCI_P2PDMA) == 0 && isGuarded(headRec)) {
      return false;
    }
    int longtermWrite = FollFlag.PIN | FollFlag.LONGTERM | FollFlag.WRITE;
    if (!policies.rules().contains(GupPolicies.Rule.LEAVES_FILES_TO_SLOW)
        || (flags & longtermWrite) != longtermWrite) {
      return true;
    }
    return !pages.isZoneDevice(headRec);
  }

  private boolean isGuarded(long headRec) {
    return policies.rules().contains(GupPolicies.Rule.GUARDS_P2PDMA) && pages.isPeerMemory(headRec);
  }
}
