package dev.pgmap.trace.ledger;

import dev.pgmap.trace.refs.StackTable;
import java.util.List;

/** Is told of each change as it is entered into the ledger. */
@FunctionalInterface
public interface LedgerListener {
  /**
   * The ledger is about to be made.
   *
   * @param stacks what {@link Change#stack} and {@link Effect#stack} number
   */
  default void begin(StackTable stacks) {
    // Most do not look at stacks while the ledger is made.
  }

  /**
   * A change was entered.
   *
   * @param change what happened; valid during the call
   * @param effects what it did, in order
   * @param page the page as it stands now; valid during the call
   */
  void entered(Change change, List<Effect> effects, PageView page);
}
