package dev.pgmap.core.gup;

import dev.pgmap.core.mm.OrdinaryMemory;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.PagePut;

/**
 * Takes and gives back references of one folio for gup: a get is one reference a page, a pin is one
 * reference and one pin a page where the folio has a pin count, else {@link RefWord#PIN_BIAS}
 * references a page. A pin of the zero page is nothing where the kernel says so: it takes and drops
 * no reference.
 *
 * <p>Callers are inside a read section of RCU or hold the page-table lock. Nothing is allocated.
 */
final class Grab {
  private static final long NO_PFN = -1;

  private final StructPages pages;
  private final PageRefs refs;
  private final PagePut put;
  private final boolean putsPinInTwoSteps;
  private final boolean countsPins;
  private final long exemptPfn;

  Grab(
      StructPages pages,
      PageRefs refs,
      PagePut put,
      GupPolicies policies,
      OrdinaryMemory ordinary) {
    this.pages = pages;
    this.refs = refs;
    this.put = put;
    this.putsPinInTwoSteps = policies.putsPinInTwoSteps();
    this.countsPins = policies.countsPins();
    this.exemptPfn = ordinary.policies().exemptsZeroPage() ? ordinary.zeroPfn() : NO_PFN;
  }

  /** Whether these flags ask for pins that are told from plain references. */
  boolean isPin(int flags) {
    return countsPins && (flags & FollFlag.PIN) != 0;
  }

  /**
   * {@code try_grab_folio_fast}: fails if the folio is free, or became another one meanwhile.
   *
   * @param pfn the page that the folio was found by
   */
  boolean tryGrab(long pfn, long headPfn, long headRec, int order, int nrPages, boolean pin) {
    if (!refs.modUnless(headPfn, headRec, nrPages)) {
      return false;
    }
    if (!pages.isStillIn(pfn, headPfn, order)) {
      if (put.drop(headPfn, headRec, nrPages)) {
        put.freed(headPfn);
      }
      return false;
    }
    if (pin) {
      if (order > 0) {
        pages.addPincount(headPfn, headRec, nrPages);
      } else {
        refs.mod(headPfn, headRec, nrPages * (RefWord.PIN_BIAS - 1));
      }
    }
    return true;
  }

  /** The same for one base page, in a loop that keeps {@code refs} in a local. */
  static boolean tryGrabBasePage(PageRefs refs, long pfn, long rec, boolean pin) {
    if (!refs.modUnless(pfn, rec, 1)) {
      return false;
    }
    if (pin) {
      refs.mod(pfn, rec, RefWord.PIN_BIAS - 1);
    }
    return true;
  }

  /** {@code try_grab_folio} and {@code try_grab_page}: one addition; fails if the folio is free. */
  boolean grabStable(long headPfn, long headRec, int order, int nrPages, boolean pin) {
    if (pin && headPfn == exemptPfn) {
      return true;
    }
    if (refs.count(headRec) <= 0) {
      return false;
    }
    if (pin && order > 0) {
      pages.addPincount(headPfn, headRec, nrPages);
      refs.mod(headPfn, headRec, nrPages);
    } else {
      refs.mod(headPfn, headRec, pin ? nrPages * RefWord.PIN_BIAS : nrPages);
    }
    return true;
  }

  /**
   * {@code gup_put_folio} without what follows a final put.
   *
   * @return whether that was the final put
   * @throws dev.pgmap.core.page.RefUnderflow if fewer are held; the page is as it was
   */
  boolean put(long headPfn, long headRec, int order, int nrPages, boolean pinned) {
    boolean pin = pinned && countsPins;
    if (pin && headPfn == exemptPfn) {
      return false;
    }
    if (putsPinInTwoSteps || pin && order > 0) {
      requireHeld(headPfn, headRec, order, nrPages, pin);
    }
    int nrRefs = nrPages;
    if (pin && order > 0) {
      pages.addPincount(headPfn, headRec, -nrPages);
    } else if (pin) {
      nrRefs *= RefWord.PIN_BIAS;
    }
    if (putsPinInTwoSteps && nrRefs > 1) {
      refs.mod(headPfn, headRec, 1 - nrRefs);
      nrRefs = 1;
    }
    return put.drop(headPfn, headRec, nrRefs);
  }

  /**
   * Checks that a put has something to drop, where it takes more than one step or something else
   * comes first.
   *
   * @throws dev.pgmap.core.page.RefUnderflow as {@link #put}
   */
  void requireHeld(long headPfn, long headRec, int order, int nrPages, boolean pinned) {
    boolean pin = pinned && countsPins;
    if (pin && headPfn == exemptPfn) {
      return;
    }
    if (pin && order > 0) {
      pages.requirePins(headPfn, headRec, nrPages);
    }
    long refsPerPage = pin && order == 0 ? RefWord.PIN_BIAS : 1;
    refs.requireUsers(headPfn, headRec, nrPages * refsPerPage);
  }
}
