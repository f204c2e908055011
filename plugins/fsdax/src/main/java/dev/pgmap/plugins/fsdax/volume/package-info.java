/**
 * A file system in memory: its inodes, directories and blocks, and how they change on the medium.
 *
 * <p>Key types: {@link dev.pgmap.plugins.fsdax.volume.Volume} is all of it, {@link
 * dev.pgmap.plugins.fsdax.volume.Walk} reads it, trusting nothing, {@link
 * dev.pgmap.plugins.fsdax.volume.Transaction} changes it in one step, {@link
 * dev.pgmap.plugins.fsdax.volume.Inode} is a file or directory, {@link
 * dev.pgmap.plugins.fsdax.volume.ExtentMap} where its bytes lie.
 *
 * <p>Threading: used under the file system's lock, but for the state of an inode, which is an
 * immutable value that anybody may read.
 */
@NullMarked
package dev.pgmap.plugins.fsdax.volume;

import org.jspecify.annotations.NullMarked;
