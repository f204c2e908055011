package dev.pgmap.trace.ledger;

import java.util.List;

/** Is told of each change as it is entered into the ledger. */
@FunctionalInterface
public interface LedgerListener {
  /**
   * A change was entered.
   *
   * @param change what happened; valid during the call
   * @param effects what it did, in order
   * @param page the page as it stands now; valid during the call
   */
  void entered(Change change, List<Effect> effects, PageView page);
}
