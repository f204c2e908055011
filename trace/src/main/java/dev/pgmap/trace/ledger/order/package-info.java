/**
 * What page_ref events say for sure about a count, and the order in which they must have happened.
 *
 * <p>{@link dev.pgmap.trace.ledger.order.CountState} follows one count through val and ret; {@link
 * dev.pgmap.trace.ledger.order.OrderSolver} finds an order of events of several cpus in which all
 * results make sense.
 *
 * <p>Threading: nothing here is thread-safe.
 */
@NullMarked
package dev.pgmap.trace.ledger.order;

import org.jspecify.annotations.NullMarked;
