/**
 * The console a person types into, and the command line.
 *
 * <p>Key types: {@link dev.pgmap.shell.Main} is the program; {@link dev.pgmap.shell.Shell} runs
 * lines and scripts on a {@link dev.pgmap.shell.session.Session} and needs neither process nor
 * terminal.
 *
 * <p>Threading: a shell belongs to one thread; jobs run in threads of their own.
 */
@NullMarked
package dev.pgmap.shell;

import org.jspecify.annotations.NullMarked;
