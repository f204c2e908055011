/**
 * {@code ndctl}: namespaces of persistent memory, with ndctl's options and JSON.
 *
 * <p>Key type: {@link dev.pgmap.shell.ndctl.Ndctl}; one class per subcommand.
 *
 * <p>Threading: a command object runs once, in one thread.
 */
@NullMarked
package dev.pgmap.shell.ndctl;

import org.jspecify.annotations.NullMarked;
