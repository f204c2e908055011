package dev.pgmap.trace.record;

import java.util.BitSet;

/**
 * Where function_graph begins and how deep it goes.
 *
 * @param roots the functions in which it records, by number; all if empty ({@code
 *     set_graph_function})
 * @param maxDepth how many levels it records; 0 for all ({@code max_graph_depth})
 */
public record GraphLimits(BitSet roots, int maxDepth) {
  /** No limits. */
  public GraphLimits() {
    this(new BitSet(), 0);
  }

  /**
   * Whether a function is to be recorded.
   *
   * @param level how many recorded functions it is in
   */
  boolean allow(Lane lane, int number, int level) {
    return (maxDepth == 0 || level < maxDepth)
        && (roots.isEmpty() || roots.get(number) || level > 0 || lane.isInOneOf(roots));
  }
}
