/**
 * Finding and running commands: the registry, one command, and lists of them.
 *
 * <p>Key types: {@link dev.pgmap.shell.command.Registry} knows all commands, {@link
 * dev.pgmap.shell.command.CommandRunner} runs one, {@link dev.pgmap.shell.command.Interpreter} runs
 * what was parsed from a line or a script.
 *
 * <p>Threading: all of them serve any number of threads, each with a console of its own.
 */
@NullMarked
package dev.pgmap.shell.command;

import org.jspecify.annotations.NullMarked;
