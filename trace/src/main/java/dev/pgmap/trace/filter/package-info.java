/**
 * ftrace's languages for choosing events: filters and triggers.
 *
 * <p>{@link dev.pgmap.trace.filter.EventFilter} is a compiled filter, over events of any source and
 * over records in memory; {@link dev.pgmap.trace.filter.Trigger} is what a line in a {@code
 * trigger} file says, and {@link dev.pgmap.trace.filter.TriggerActions} what a recorder does for
 * it. What is wrong with a line is said as the kernel's {@code error_log} says it: {@link
 * dev.pgmap.trace.filter.LineException}.
 *
 * <p>Threading: everything here is immutable, and may be used by any number of threads.
 */
@NullMarked
package dev.pgmap.trace.filter;

import org.jspecify.annotations.NullMarked;
