/**
 * {@code trace-cmd} on the console: what those who use it type, on the machine's own tracefs.
 *
 * <p>{@link dev.pgmap.shell.tracecmd.TraceCmd} is the command; each subcommand is a class. As the
 * real one does, they read and write the files of {@link dev.pgmap.trace.tracefs.TraceFs} and
 * nothing else; recordings are files of the host.
 *
 * <p>Threading: a command belongs to the thread of its console.
 */
@NullMarked
package dev.pgmap.shell.tracecmd;

import org.jspecify.annotations.NullMarked;
