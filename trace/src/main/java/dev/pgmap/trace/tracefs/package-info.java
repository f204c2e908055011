/**
 * The files of {@code /sys/kernel/tracing} for one machine: what {@code cat} and {@code echo} there
 * do to a {@link dev.pgmap.trace.tracer.Tracer}.
 *
 * <p>{@link dev.pgmap.trace.tracefs.TraceFs} is the tree; a console mounts it, and trace-cmd writes
 * to it. Each file is a {@link dev.pgmap.trace.tracefs.ControlFile}, directories are {@link
 * dev.pgmap.trace.tracefs.Folder}s. Only files that do something are there.
 *
 * <p>Threading: thread-safe. What triggers do runs on the tracing threads and waits for nobody.
 */
@NullMarked
package dev.pgmap.trace.tracefs;

import org.jspecify.annotations.NullMarked;
