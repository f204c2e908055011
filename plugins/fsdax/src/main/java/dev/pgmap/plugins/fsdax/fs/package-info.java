/**
 * The file system as the engine uses it: made, mounted, its names, files, faults and failures.
 *
 * <p>Key types: {@link dev.pgmap.plugins.fsdax.fs.DaxFs} is the type, {@link
 * dev.pgmap.plugins.fsdax.fs.MountedDaxFs} a mount; one class per kind of operation.
 *
 * <p>Threading: every operation takes the invalidate lock of the files whose blocks it changes,
 * then the file system's one lock. It waits for pinned pages with neither held.
 */
@NullMarked
package dev.pgmap.plugins.fsdax.fs;

import org.jspecify.annotations.NullMarked;
