package dev.pgmap.trace.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Each stack once: return addresses, innermost first, by a hash that the lanes keep up to date
 * frame by frame.
 *
 * <p>A map of its own, as a key that is boxed would be an allocation at each event. Thread-safe:
 * entries are immutable and are looked up without a lock; who finds none looks again under the
 * lock, and enters the stack.
 */
final class StackDepot {
  /** What ends a stack in a record. */
  static final long END = -1;

  /** Slots that readers of old formats print in any case. */
  private static final int LEAST_SLOTS = 8;

  private static final int LEAST_PLACES = 256;

  /** A stack. */
  private record Entry(long hash, long[] words) {}

  private volatile @Nullable Entry[] places = new Entry[LEAST_PLACES];
  private int nrEntries;

  /**
   * The words of a kernel_stack record: the addresses, the end mark, and zeroes up to eight.
   *
   * @param functions numbers, outermost first
   */
  long[] words(long hash, int[] functions, int depth) {
    Entry known = find(places, hash, functions, depth);
    return known != null ? known.words : enter(hash, functions, depth);
  }

  /** Stacks with one hash stand one behind the other; an empty place ends the search. */
  private static @Nullable Entry find(
      @Nullable Entry[] places, long hash, int[] functions, int depth) {
    int mask = places.length - 1;
    for (int at = place(hash, mask); ; at = at + 1 & mask) {
      Entry entry = places[at];
      if (entry == null || (entry.hash == hash && matches(entry.words, functions, depth))) {
        return entry;
      }
    }
  }

  private static int place(long hash, int mask) {
    return (int) (hash ^ hash >>> 32) & mask;
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

  private synchronized long[] enter(long hash, int[] functions, int depth) {
    Entry known = find(places, hash, functions, depth);
    if (known != null) {
      return known.words;
    }
    long[] words = new long[Math.max(LEAST_SLOTS, depth + 1)];
    for (int i = 0; i < depth; i++) {
      words[i] = Functions.address(functions[depth - 1 - i]);
    }
    words[depth] = END;
    if (++nrEntries > places.length / 2) {
      grow();
    }
    put(places, new Entry(hash, words));
    return words;
  }

  private void grow() {
    @Nullable Entry[] next = new Entry[places.length * 2];
    Arrays.stream(places)
        .forEach(entry -> {
          if (entry != null) {
            put(next, entry);
          }
        });
    places = next;
  }

  private static void put(@Nullable Entry[] places, Entry entry) {
    int mask = places.length - 1;
    int at = place(entry.hash, mask);
    while (places[at] != null) {
      at = at + 1 & mask;
    }
    places[at] = entry;
  }
}
