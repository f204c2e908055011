/**
 * {@code zdtool}: a small program that maps device memory and holds its pages.
 *
 * <p>Key types: {@link dev.pgmap.shell.zdtool.Zdtool}; one class per verb, on top of {@code Verb}.
 *
 * <p>Threading: a verb runs once, in one thread, as a task of its own.
 */
@NullMarked
package dev.pgmap.shell.zdtool;

import org.jspecify.annotations.NullMarked;
