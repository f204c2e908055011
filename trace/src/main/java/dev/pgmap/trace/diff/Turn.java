package dev.pgmap.trace.diff;

import org.jspecify.annotations.Nullable;

/**
 * Pages whose sequence in the second recording differs from the nearest of the first.
 *
 * @param pages how many
 * @param inA the sequence of the first recording; null if it has no such pages at all
 * @param inB that of the second; null if it has no such pages at all
 * @param common how many steps are the same in both
 * @param stackA the functions of the first step that differs in the first recording, innermost
 *     first; empty if there is none, or they are not known
 * @param stackB the same in the second
 */
public record Turn(
    long pages,
    @Nullable PageClass inA,
    @Nullable PageClass inB,
    int common,
    String stackA,
    String stackB) {}
