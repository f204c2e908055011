/**
 * Command lines: from text to commands.
 *
 * <p>Purpose: the small part of sh that scenarios use. Key types: {@link
 * dev.pgmap.shell.line.Parser} reads text, {@link dev.pgmap.shell.line.Statement} is what it finds.
 *
 * <p>Threading: parsed commands are immutable; a parser is used by one thread.
 */
@NullMarked
package dev.pgmap.shell.line;

import org.jspecify.annotations.NullMarked;
