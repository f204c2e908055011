/**
 * Plugins as modules: {@code lsmod}, {@code modinfo}, {@code insmod}, {@code rmmod}.
 *
 * <p>Key types: one class per command.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.module;

import org.jspecify.annotations.NullMarked;
