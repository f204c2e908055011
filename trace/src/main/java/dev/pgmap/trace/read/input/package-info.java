/**
 * Bytes from files that nobody vouches for: mapped, unpacked, and read with bounds.
 *
 * <p>{@link dev.pgmap.trace.read.input.MappedFile} is a whole file as memory, {@link
 * dev.pgmap.trace.read.input.ByteCursor} goes through a part of it and turns whatever is wrong into
 * one error with its offset, {@link dev.pgmap.trace.read.input.Unpacker} undoes compression.
 *
 * <p>Nothing is allocated because a length field says so: a length is held against the bytes that
 * are there, or against a stated limit, first.
 *
 * <p>Threading: see the classes.
 */
@NullMarked
package dev.pgmap.trace.read.input;

import org.jspecify.annotations.NullMarked;
