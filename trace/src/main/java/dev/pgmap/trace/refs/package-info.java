/**
 * The changes of page counts in a recording, whatever file it came from.
 *
 * <p>{@link dev.pgmap.trace.refs.PageRefDecoder} reads them from events through the formats of the
 * source, {@link dev.pgmap.trace.refs.StackTable} keeps each stack once, {@link
 * dev.pgmap.trace.refs.StackReader} reads recorded stacks and {@link
 * dev.pgmap.trace.refs.CallTracker} makes up for missing ones from function events.
 *
 * <p>Threading: nothing here is thread-safe; each pass over a source has its own objects.
 */
@NullMarked
package dev.pgmap.trace.refs;

import org.jspecify.annotations.NullMarked;
