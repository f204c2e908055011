/**
 * The recorder: what woven code calls, and the rings that it writes to.
 *
 * <p>{@link dev.pgmap.trace.record.Emit} is the door: advice calls it with what a traced method has
 * in hand. It finds the calling thread's {@link dev.pgmap.trace.record.Lane}, which owns a ring in
 * the kernel's page layout, and writes the record there. {@link dev.pgmap.trace.record.Recorder}
 * holds the lanes of one machine and what is switched on.
 *
 * <p>Threading: a lane is written by one thread at a time and never waits; readers copy pages
 * beside it and notice when one was overwritten under their hands. Switches are volatile.
 */
@NullMarked
package dev.pgmap.trace.record;

import org.jspecify.annotations.NullMarked;
