/**
 * The machine's kernel log: what {@code dmesg} shows.
 *
 * <p>Key type: {@link dev.pgmap.core.log.KernelLog}.
 *
 * <p>Threading: thread-safe; not for hot paths.
 */
@NullMarked
package dev.pgmap.core.log;

import org.jspecify.annotations.NullMarked;
