/**
 * A recording as one HTML page that needs nothing else: what was recorded, what is outstanding and
 * who acquired it, the count of pages over time, what tasks did.
 *
 * <p>{@link dev.pgmap.trace.report.TraceReport} gathers the figures in a few passes, in memory that
 * {@link dev.pgmap.trace.report.ReportLimits} bounds, and writes them as JSON into the page; the
 * page's own script draws them with uPlot. What the limits leave out is said on the page.
 *
 * <p>Threading: a report is made by one thread, and immutable then.
 */
@NullMarked
package dev.pgmap.trace.report;

import org.jspecify.annotations.NullMarked;
