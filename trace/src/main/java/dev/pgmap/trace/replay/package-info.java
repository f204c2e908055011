/**
 * A recording against the engine, and a recording step by step.
 *
 * <p>{@link dev.pgmap.trace.replay.Replayer} feeds recorded changes of page counts to a machine of
 * some era and stops where it would not have done the same. {@link
 * dev.pgmap.trace.replay.TimeMachine} shows pages and pgmaps as they stood at any step.
 *
 * <p>Threading: for one thread.
 */
@NullMarked
package dev.pgmap.trace.replay;

import org.jspecify.annotations.NullMarked;
