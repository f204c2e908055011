/**
 * Mounted file systems, and files by their path.
 *
 * <p>Key types: {@link dev.pgmap.core.fs.Filesystems} knows the types and the mounts, {@link
 * dev.pgmap.core.fs.Mount} is one mount, {@link dev.pgmap.core.fs.Files} opens whatever can be
 * mapped by its path, as {@code open} does.
 *
 * <p>Threading: thread-safe; one lock orders mount and umount.
 */
@NullMarked
package dev.pgmap.core.fs;

import org.jspecify.annotations.NullMarked;
