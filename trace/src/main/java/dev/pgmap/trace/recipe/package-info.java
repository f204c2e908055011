/**
 * How to record, on a real kernel, what the ledger needs.
 *
 * <p>{@link dev.pgmap.trace.recipe.Recipe} prints the commands, {@link
 * dev.pgmap.trace.recipe.ProbePoints} knows which functions a kernel has.
 *
 * <p>Threading: immutable.
 */
@NullMarked
package dev.pgmap.trace.recipe;

import org.jspecify.annotations.NullMarked;
