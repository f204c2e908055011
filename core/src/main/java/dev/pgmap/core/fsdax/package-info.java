/**
 * Files on device memory: what a kernel has in {@code fs/dax.c}.
 *
 * <p>Key types: {@link dev.pgmap.core.fsdax.FileMappings} makes the mapping of a file when a file
 * system asks for it, {@link dev.pgmap.core.fsdax.FileMapping} is one.
 *
 * <p>Threading: a mapping is used by faults, truncation and write-back at once.
 */
@NullMarked
package dev.pgmap.core.fsdax;

import org.jspecify.annotations.NullMarked;
