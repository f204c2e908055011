/**
 * Commands that make, mount and use file systems on pmem devices, with the options and output of
 * util-linux, coreutils and e2fsprogs.
 *
 * <p>Key types: {@link dev.pgmap.shell.fs.MountedPath} leads from a path to a file system; one
 * class per command.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.fs;

import org.jspecify.annotations.NullMarked;
