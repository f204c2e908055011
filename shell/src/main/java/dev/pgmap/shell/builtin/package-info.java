/**
 * The commands of the shell itself: jobs, waiting, help.
 *
 * <p>Key type: {@link dev.pgmap.shell.builtin.Builtins}; one class per command.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.builtin;

import org.jspecify.annotations.NullMarked;
