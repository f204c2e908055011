package dev.pgmap.trace.tracefs;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A directory: what is in it is asked for at each look. */
record Folder(Supplier<SortedMap<String, Node>> nodes) implements Node {
  /** A directory of what does not change. */
  static Folder of(Map<String, ? extends Node> nodes) {
    SortedMap<String, Node> sorted = new TreeMap<>(nodes);
    return new Folder(() -> sorted);
  }
}
