/**
 * The machine's {@code /proc}, {@code /sys} and {@code /dev}, and the commands that read them.
 *
 * <p>Key type: {@link dev.pgmap.shell.files.VirtualFiles}.
 *
 * <p>Threading: views without state, made for each use.
 */
@NullMarked
package dev.pgmap.shell.files;

import org.jspecify.annotations.NullMarked;
