/**
 * Fixtures for tests of tracing: recordings made up in memory.
 *
 * <p>Key types: {@link dev.pgmap.trace.testing.SourceBuilder} makes a source out of events stated
 * one by one or as lines of {@code trace} text, {@link dev.pgmap.trace.testing.TestFormats} has the
 * formats of the events that tests speak of.
 *
 * <p>Threading: a builder belongs to one test; what it builds is immutable.
 */
@NullMarked
package dev.pgmap.trace.testing;

import org.jspecify.annotations.NullMarked;
