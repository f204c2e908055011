/**
 * What a trace is made of: events, their formats, and where they come from.
 *
 * <p>{@link dev.pgmap.trace.event.EventFormat} is a kernel {@code format} file, {@link
 * dev.pgmap.trace.event.TraceEvent} one event seen through it, {@link
 * dev.pgmap.trace.event.TraceSource} a recording, ours or one that was read from a file. Everything
 * else in this module reads sources or makes them.
 *
 * <p>Threading: formats and tables are immutable; a cursor and the event it shows belong to one
 * thread.
 */
@NullMarked
package dev.pgmap.trace.event;

import org.jspecify.annotations.NullMarked;
