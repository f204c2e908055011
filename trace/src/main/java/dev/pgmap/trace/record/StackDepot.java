package dev.pgmap.trace.record;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Each stack once: return addresses, innermost first, by a hash that the lanes keep up to date
 * frame by frame. Thread-safe.
 */
final class StackDepot {
  /** What ends a stack in a record. */
  static final long END = -1;

  /** Slots that readers of old formats print in any case. */
  private static final int LEAST_SLOTS = 8;

  private final ConcurrentHashMap<Long, long[]> byHash = new ConcurrentHashMap<>();

  /**
   * The words of a kernel_stack record: the addresses, the end mark, and zeroes up to eight.
   *
   * @param functions numbers, outermost first
   */
  long[] words(long hash, int[] functions, int depth) {
    long[] known = byHash.get(hash);
    if (known != null && matches(known, functions, depth)) {
      return known;
    }
    long[] words = new long[Math.max(LEAST_SLOTS, depth + 1)];
    for (int i = 0; i < depth; i++) {
      words[i] = Functions.address(functions[depth - 1 - i]);
    }
    words[depth] = END;
    // Of two stacks with one hash the first stays; the other is made anew each time.
    byHash.putIfAbsent(hash, words);
    return words;
  }

  private static boolean matches(long[] words, int[] functions, int depth) {
    if (words.length != Math.max(LEAST_SLOTS, depth + 1) || words[depth] != END) {
      return false;
    }
    for (int i = 0; i < depth; i++) {
      if (words[i] != Functions.address(functions[depth - 1 - i])) {
        return false;
      }
    }
    return true;
  }
}
