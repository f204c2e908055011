/**
 * Histogram triggers: counts and sums of events by their fields, in ftrace's {@code hist} language.
 *
 * <p>{@link dev.pgmap.trace.hist.TriggerSet} holds the triggers of all events, of which histograms
 * are a kind; it is fed events, by a recorder or from a {@link dev.pgmap.trace.hist.SourceTriggers
 * source}. {@link dev.pgmap.trace.hist.HistSpec} is what a line asks for, {@link
 * dev.pgmap.trace.hist.Histogram} what was counted.
 *
 * <p>Threading: specs are immutable; a set and its histograms may be used by any number of threads,
 * which wait for each other while a histogram takes an event.
 */
@NullMarked
package dev.pgmap.trace.hist;

import org.jspecify.annotations.NullMarked;
