/**
 * {@code trace}: looks at recordings, of this program and of real kernels.
 *
 * <p>{@link dev.pgmap.shell.trace.Trace} is the tree of commands. What works on a file takes it as
 * a {@link dev.pgmap.shell.trace.RecordingFile} and needs no machine.
 *
 * <p>Threading: a command belongs to the console's thread.
 */
@NullMarked
package dev.pgmap.shell.trace;

import org.jspecify.annotations.NullMarked;
