/**
 * Reads recordings that are text: the kernel's {@code trace} and {@code trace_pipe}, {@code
 * trace-cmd report}, {@code perf script}, and lines of a log by a pattern.
 *
 * <p>A {@link dev.pgmap.trace.read.text.Dialect} knows what a line of one kind looks like. {@link
 * dev.pgmap.trace.read.text.TextScan} goes through a text once to find out which events, fields,
 * tasks and functions there are; a cursor goes through it again. So memory depends on the number of
 * different names, not on that of events. {@link dev.pgmap.trace.read.text.TraceText} is the way
 * in.
 *
 * <p>What a line says stays as it is: an event that we have no format of keeps its text as a field,
 * beside the fields that look like {@code name=value}.
 *
 * <p>Threading: a source may be read by any number of threads, each with a cursor of its own; all
 * else belongs to one thread.
 */
@NullMarked
package dev.pgmap.trace.read.text;

import org.jspecify.annotations.NullMarked;
