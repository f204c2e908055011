/**
 * What the file system looks like on the medium: blocks of 4 KiB, each with its own checksum.
 *
 * <pre>
 * block 0            superblock
 * block 1, 2         journal headers, used in turn
 * block 3 ...        journal images
 * after the journal  anything: inodes, extent chains, directory blocks, data
 * </pre>
 *
 * <p>There is no map of free space and no table of inodes. An inode is a block, its number is the
 * block's, and a block is in use exactly if it can be reached from the root directory. So an
 * allocation needs no change on the medium before the change that makes it reachable, and nothing
 * can be leaked: what a crash leaves unreachable is free.
 *
 * <p>Key types: {@link dev.pgmap.plugins.fsdax.format.Superblock}, {@link
 * dev.pgmap.plugins.fsdax.format.InodeImage}, {@link
 * dev.pgmap.plugins.fsdax.format.DirectoryImage}, {@link
 * dev.pgmap.plugins.fsdax.format.ExtentChain}, {@link dev.pgmap.plugins.fsdax.format.Journal};
 * {@link dev.pgmap.plugins.fsdax.format.SealedBlock} is the frame of them all.
 *
 * <p>Threading: images are made and read by one thread; the journal is used under the file system's
 * lock.
 */
@NullMarked
package dev.pgmap.plugins.fsdax.format;

import org.jspecify.annotations.NullMarked;
