/**
 * The machine's {@code /proc}, {@code /sys} and {@code /dev}, and the commands that read them.
 *
 * <p>Key types: {@link dev.pgmap.shell.files.VirtualFiles} is all of them; each {@link
 * dev.pgmap.shell.files.VirtualTree} in it is what lies below one directory.
 *
 * <p>Threading: views without state, made for each use.
 */
@NullMarked
package dev.pgmap.shell.files;

import org.jspecify.annotations.NullMarked;
