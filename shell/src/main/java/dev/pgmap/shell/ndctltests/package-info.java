/**
 * The DAX part of ndctl's own test suite, rewritten as scenarios under their own names.
 *
 * <p>Key types: {@link dev.pgmap.shell.ndctltests.NdctlTestsCommand}, the command; {@code
 * NdctlTest}, one line of the list {@code tests.tsv}; {@code TestRun}, which runs the console
 * script {@code NAME.pgmap} on a machine of its own; {@link
 * dev.pgmap.shell.ndctltests.NdctlHelper}, what the suite's C programs do and a script cannot say.
 *
 * <p>Threading: a run uses one thread, which ends before its machine does.
 */
@NullMarked
package dev.pgmap.shell.ndctltests;

import org.jspecify.annotations.NullMarked;
