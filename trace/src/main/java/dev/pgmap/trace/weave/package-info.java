/**
 * Puts recording into the engine's bytecode and takes it out again, with Byte Buddy.
 *
 * <p>{@link dev.pgmap.trace.weave.ProbeScanner} finds annotated methods in class files, {@link
 * dev.pgmap.trace.weave.Weaver} weaves the {@link dev.pgmap.trace.weave.Advices} into those that
 * are wanted. Nothing is woven until something is switched on.
 *
 * <p>Threading: {@link dev.pgmap.trace.weave.Weaver} is thread-safe; classes are exchanged while
 * threads run in them.
 */
@NullMarked
package dev.pgmap.trace.weave;

import org.jspecify.annotations.NullMarked;
