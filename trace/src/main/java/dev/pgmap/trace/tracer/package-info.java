/**
 * Tracing a machine: which events there are, what is on, and what was recorded.
 *
 * <p>{@link dev.pgmap.trace.tracer.Tracer} is what the tracefs tree and trace-cmd turn the knobs
 * of; {@link dev.pgmap.trace.tracer.Probes} is what all tracers of a JVM share.
 *
 * <p>Threading: thread-safe.
 */
@NullMarked
package dev.pgmap.trace.tracer;

import org.jspecify.annotations.NullMarked;
