/**
 * What one recording did and the other did not, whatever pages, tasks and times they were of.
 *
 * <p>{@link dev.pgmap.trace.diff.TraceDiff} goes through both, each in two passes: one counts
 * events and function calls, the other makes the ledger, whose changes walk down a tree of
 * sequences that both share. Pages that end at the same place had equal sequences.
 *
 * <p>Threading: everything is for one thread; what is returned is immutable.
 */
@NullMarked
package dev.pgmap.trace.diff;

import org.jspecify.annotations.NullMarked;
