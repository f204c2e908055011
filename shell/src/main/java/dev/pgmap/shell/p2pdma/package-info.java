/**
 * The command {@code p2pdma}.
 *
 * <p>Key types: {@link dev.pgmap.shell.p2pdma.P2pdma} makes the command. Threading: a command
 * belongs to the thread that runs it.
 */
@NullMarked
package dev.pgmap.shell.p2pdma;

import org.jspecify.annotations.NullMarked;
