package dev.pgmap.trace.hist;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a histogram by key. Follows tracing_map: when all entries are taken, what has a
 * new key is dropped, and counted.
 *
 * <p>Not thread-safe: the registry's lock guards it.
 */
final class HistTable {
  /** The numbers that stand for the keys of an entry. */
  static final class Key {
    private final long[] parts;

    Key(long[] parts) {
      this.parts = parts;
    }

    long part(int index) {
      return parts[index];
    }

    void set(int index, long part) {
      parts[index] = part;
    }

    Key copy() {
      return new Key(parts.clone());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(parts, key.parts);
    }

    @Override
    public int hashCode() {
      long hash = 0;
      for (long part : parts) {
        hash = (hash ^ part) * 0x9e3779b97f4a7c15L;
      }
      return (int) (hash >>> 32);
    }
  }

  /** What was counted of one key. */
  static final class Entry {
    final Key key;
    final long[] sums;
    final long[] variables;
    final boolean[] isSet;
    final long[] tracked;
    final boolean[] isTracked;
    final Object[][] saved;
    long hits;
    String comm = "";

    Entry(Key key, HistSpec spec) {
      this.key = key;
      sums = new long[spec.values().size()];
      variables = new long[spec.variables().size()];
      isSet = new boolean[spec.variables().size()];
      tracked = new long[spec.actions().size()];
      isTracked = new boolean[spec.actions().size()];
      saved = new Object[spec.actions().size()][];
    }
  }

  private final int capacity;
  private final Map<Key, Entry> entries = new HashMap<>();
  private long hits;
  private long dropped;

  HistTable(int capacity) {
    this.capacity = capacity;
  }

  /** The entry of a key; null if there is none. */
  @Nullable Entry find(Key key) {
    return entries.get(key);
  }

  /**
   * The entry of a key, made if there is none; null if all are taken. Counts the hit or the drop.
   */
  @Nullable Entry hit(Key key, HistSpec spec) {
    Entry entry = entries.get(key);
    if (entry == null && !isFull()) {
      Key own = key.copy();
      entry = new Entry(own, spec);
      entries.put(own, entry);
    }
    if (entry == null) {
      drop();
    } else {
      hits++;
    }
    return entry;
  }

  boolean isFull() {
    return entries.size() >= capacity;
  }

  void drop() {
    dropped++;
  }

  Iterable<Entry> entries() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  long hits() {
    return hits;
  }

  long dropped() {
    return dropped;
  }

  void clear() {
    entries.clear();
    hits = 0;
    dropped = 0;
  }
}
