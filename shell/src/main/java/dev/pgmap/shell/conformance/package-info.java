/**
 * Recordings of real kernels, run again here: the same command line on the same machine has to
 * change the same counts in the same order and to print the same.
 *
 * <p>Key types: {@link dev.pgmap.shell.conformance.Recording} is one recording, {@link
 * dev.pgmap.shell.conformance.ScenarioRun} runs its command, {@link
 * dev.pgmap.shell.conformance.Sequences} and {@link dev.pgmap.shell.conformance.Transcript}
 * compare, {@link dev.pgmap.shell.conformance.ConformanceCommand} is the command.
 *
 * <p>Threading: values are immutable; a run belongs to the thread that started it.
 */
@NullMarked
package dev.pgmap.shell.conformance;

import org.jspecify.annotations.NullMarked;
