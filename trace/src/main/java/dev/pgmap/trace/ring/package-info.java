/**
 * The kernel's ring buffer page: its layout, how events are put on it and how they are read from
 * it.
 *
 * <p>Threading: see the classes.
 */
@NullMarked
package dev.pgmap.trace.ring;

import org.jspecify.annotations.NullMarked;
