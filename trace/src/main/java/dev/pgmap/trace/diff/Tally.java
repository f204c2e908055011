package dev.pgmap.trace.diff;

import dev.pgmap.trace.diff.Pair.Amount;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts things by name. For one thread; grows with the number of names. */
final class Tally {
  private final Map<String, Amount> amounts = new HashMap<>();

  void add(String what, long times, long refs) {
    amounts.merge(what, new Amount(times, refs), (one, more) -> one.plus(times, refs));
  }

  private Amount of(String what) {
    return amounts.getOrDefault(what, Amount.NONE);
  }

  /** What differs between two, the greatest difference first. */
  static List<Pair> differences(Tally a, Tally b) {
    Set<String> names = new HashSet<>(a.amounts.keySet());
    names.addAll(b.amounts.keySet());
    return names.stream()
        .map(name -> new Pair(name, a.of(name), b.of(name)))
        .filter(Pair::differs)
        .sorted(Comparator.comparingLong(Tally::size).reversed().thenComparing(Pair::what))
        .toList();
  }

  private static long size(Pair pair) {
    return Math.abs(pair.a().times() - pair.b().times())
        + Math.abs(pair.a().refs() - pair.b().refs());
  }
}
