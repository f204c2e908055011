package dev.pgmap.trace.ledger;

import java.util.ArrayList;
import java.util.List;

/** A page of a ledger as it stands; moved from page to page. For one thread. */
public final class PageView {
  private final PageStates pages;
  private final LotTable lots;
  private int page;

  /**
   * What one task holds.
   *
   * @param amount in units of the kind
   * @param refs how much of the count it is: less than the pins ask for if a put took a part of one
   * @param since when the oldest of it was acquired
   */
  public record Held(HoldKind kind, int amount, int refs, int pid, int stack, long since) {}

  PageView(PageStates pages, LotTable lots) {
    this.pages = pages;
    this.lots = lots;
  }

  PageView at(int pageNow) {
    page = pageNow;
    return this;
  }

  /** The page frame number. */
  public long pfn() {
    return pages.pfn(page);
  }

  /** Whether the count is known. */
  public boolean isCountKnown() {
    return pages.has(page, PageStates.KNOWN);
  }

  /** The count if it is known, else its change since the page was first seen. */
  public int count() {
    return pages.value(page);
  }

  /** Whether the count is frozen at zero. */
  public boolean isFrozen() {
    return pages.has(page, PageStates.FROZEN);
  }

  /** How much of the count is held from before the recording; 0 while that is not known. */
  public int heldFromBefore() {
    return isCountKnown() && !isFrozen() ? Math.max(0, count() - pages.lotRefs(page)) : 0;
  }

  /** What is outstanding, the latest first. */
  public List<Held> held() {
    List<Held> all = new ArrayList<>();
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      HoldKind kind = lots.kind(lot);
      int amount = (lots.refs(lot) + kind.refs() - 1) / kind.refs();
      all.add(
          new Held(kind, amount, lots.refs(lot), lots.pid(lot), lots.stack(lot), lots.oldest(lot)));
    }
    return all;
  }
}
