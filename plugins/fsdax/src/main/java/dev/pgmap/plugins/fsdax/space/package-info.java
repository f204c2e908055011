/**
 * Which blocks are free, and whose the others are. In memory only: both are rebuilt at mount from
 * what can be reached.
 *
 * <p>Key types: {@link dev.pgmap.plugins.fsdax.space.Allocator} hands out blocks in runs that huge
 * entries can map, {@link dev.pgmap.plugins.fsdax.space.BlockOwners} counts who shares a block and
 * finds the files of a failed one.
 *
 * <p>Threading: used under the file system's lock.
 */
@NullMarked
package dev.pgmap.plugins.fsdax.space;

import org.jspecify.annotations.NullMarked;
