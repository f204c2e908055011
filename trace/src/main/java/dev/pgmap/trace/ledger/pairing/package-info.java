/**
 * Which functions release what others acquired.
 *
 * <p>{@link dev.pgmap.trace.ledger.pairing.FunctionPairs} is the table, {@link
 * dev.pgmap.trace.ledger.pairing.StackFamilies} looks stacks up in it.
 *
 * <p>Threading: the table is immutable; lookups belong to one thread.
 */
@NullMarked
package dev.pgmap.trace.ledger.pairing;

import org.jspecify.annotations.NullMarked;
