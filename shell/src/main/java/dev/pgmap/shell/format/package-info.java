/**
 * Sizes, numbers, JSON and tables, as the console reads and prints them.
 *
 * <p>Key types: {@link dev.pgmap.shell.format.Sizes}, {@link dev.pgmap.shell.format.JsonText},
 * {@link dev.pgmap.shell.format.Table}.
 *
 * <p>Threading: all static and without state, but for tables, which one thread fills.
 */
@NullMarked
package dev.pgmap.shell.format;

import org.jspecify.annotations.NullMarked;
