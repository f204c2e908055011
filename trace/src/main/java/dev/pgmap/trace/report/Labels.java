package dev.pgmap.trace.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Each thing once, by a number from 0. Grows; for one thread. */
final class Labels<T> {
  private final Map<T, Integer> numbers = new HashMap<>();
  private final List<T> all = new ArrayList<>();

  /** The number of a thing, a new one if it is new. */
  int of(T thing) {
    return numbers.computeIfAbsent(
        thing,
        added -> {
          all.add(added);
          return all.size() - 1;
        });
  }

  /** All things by their number. */
  List<T> all() {
    return List.copyOf(all);
  }
}
