/**
 * The machine as a whole: its file, its era, its state.
 *
 * <p>Key types: {@link dev.pgmap.shell.machine.MachineFile} reads a machine from JSON; the rest are
 * commands.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.machine;

import org.jspecify.annotations.NullMarked;
