/**
 * {@code gup_test}: both halves of it, the tool and the kernel file behind it.
 *
 * <p>Key types: {@link dev.pgmap.shell.guptest.GupTest} reads the options, {@code GupTestRun} is
 * the tool, {@code GupTestLoop} the kernel side; {@link dev.pgmap.shell.guptest.LongtermHold} holds
 * pins over time.
 *
 * <p>Threading: a command runs once; with {@code -j} its threads share only the mapping and the
 * output.
 */
@NullMarked
package dev.pgmap.shell.guptest;

import org.jspecify.annotations.NullMarked;
