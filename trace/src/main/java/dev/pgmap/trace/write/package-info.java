/**
 * Writes any {@link dev.pgmap.trace.event.TraceSource} in the formats of other tools, so that this
 * is also a converter.
 *
 * <p>{@link dev.pgmap.trace.write.TraceWriter} is what all writers are; {@link
 * dev.pgmap.trace.write.TraceDatWriter} writes what {@code trace-cmd} and KernelShark open. Each
 * goes through the events once, keeps a bounded part of them, and writes beside the target: only a
 * complete file takes the target's name.
 *
 * <p>Threading: a writer may be used by any thread, by one at a time.
 */
@NullMarked
package dev.pgmap.trace.write;

import org.jspecify.annotations.NullMarked;
