/**
 * Opens recordings of any kind that we can read.
 *
 * <p>{@link dev.pgmap.trace.read.TraceFiles} finds out what a file is and opens it as a {@link
 * dev.pgmap.trace.event.TraceSource}; the packages below read the kinds.
 *
 * <p>Threading: opening has no state; see {@link dev.pgmap.trace.event.TraceSource} for what is
 * opened.
 */
@NullMarked
package dev.pgmap.trace.read;

import org.jspecify.annotations.NullMarked;
