package dev.pgmap.trace.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All sequences of changes, each prefix once: a node is a prefix, and two pages at the same node
 * had equal sequences. For one thread; grows with the number of distinct prefixes, up to a limit.
 */
final class SequenceTree {
  /** The empty sequence. */
  static final int ROOT = 0;

  /** A sequence that there was no room for. */
  static final int TOO_LONG = Integer.MAX_VALUE;

  private final int maxNodes;
  private final Map<Step, Integer> numbers = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Edge, Integer> children = new HashMap<>();
  private int[] parents = new int[64];
  private int[] lastSteps = new int[64];
  private int[] depths = new int[64];
  private int size = 1;

  private record Edge(int parent, int step) {}

  SequenceTree(int maxNodes) {
    this.maxNodes = maxNodes;
  }

  /** The sequence that goes on with a step. */
  int child(int node, Step step) {
    if (node == TOO_LONG) {
      return TOO_LONG;
    }
    int number = number(step);
    Integer known = children.get(new Edge(node, number));
    return known == null ? add(node, number) : known;
  }

  private int number(Step step) {
    Integer known = numbers.putIfAbsent(step, steps.size());
    if (known != null) {
      return known;
    }
    steps.add(step);
    return steps.size() - 1;
  }

  private int add(int parent, int step) {
    if (size >= maxNodes) {
      return TOO_LONG;
    }
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, size * 2);
      lastSteps = Arrays.copyOf(lastSteps, size * 2);
      depths = Arrays.copyOf(depths, size * 2);
    }
    int node = size++;
    parents[node] = parent;
    lastSteps[node] = step;
    depths[node] = depths[parent] + 1;
    children.put(new Edge(parent, step), node);
    return node;
  }

  /** How many steps a sequence has. */
  int depth(int node) {
    return depths[node];
  }

  /** How many steps two sequences begin with alike. */
  int common(int one, int other) {
    int a = one;
    int b = other;
    while (a != b) {
      if (depths[a] >= depths[b]) {
        a = parents[a];
      } else {
        b = parents[b];
      }
    }
    return depths[a];
  }

  /** The beginning of a sequence. */
  int prefix(int node, int depth) {
    int at = node;
    while (depths[at] > depth) {
      at = parents[at];
    }
    return at;
  }

  /** The steps of a sequence. */
  List<Step> steps(int node) {
    List<Step> found = new ArrayList<>(depths[node]);
    for (int at = node; at != ROOT; at = parents[at]) {
      found.add(steps.get(lastSteps[at]));
    }
    Collections.reverse(found);
    return found;
  }
}
