package dev.pgmap.trace.report;

import dev.pgmap.trace.ledger.Change;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.refs.PageRefKind;

/**
 * A change of a page's count on its timeline.
 *
 * @param stamp when, in units of the clock
 * @param count the count after it; the change since the page was first seen where it is not known
 * @param known whether the count is known
 * @param kind what happened
 * @param val the amount added, or the value set or expected
 * @param ret the result; 0 if the kind has none
 * @param pid the task
 * @param cpu the cpu
 * @param stack the number of its stack in the ledger
 */
record Point(
    long stamp,
    int count,
    boolean known,
    PageRefKind kind,
    int val,
    int ret,
    int pid,
    int cpu,
    int stack) {

  /** A change that was just entered into a page's ledger. */
  static Point of(Change change, PageView page) {
    return new Point(
        change.stamp(),
        page.count(),
        page.isCountKnown(),
        change.kind(),
        change.val(),
        change.ret(),
        change.pid(),
        change.cpu(),
        change.stack());
  }
}
