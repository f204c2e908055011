/**
 * {@code daxctl}: devices of the dax bus, with daxctl's options and JSON.
 *
 * <p>Key types: {@link dev.pgmap.shell.daxctl.Daxctl}, and {@link
 * dev.pgmap.shell.daxctl.DaxctlJson} which ndctl uses too; one class per subcommand.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.daxctl;

import org.jspecify.annotations.NullMarked;
