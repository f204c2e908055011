package dev.pgmap.trace.report;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a recording holds, counted in one pass. Immutable once made.
 *
 * <p>Memory grows with kinds of events and with tasks.
 */
final class Census {
  private final Map<EventFormat, long[]> kinds = new IdentityHashMap<>();
  private final Map<Integer, long[]> tasks = new HashMap<>();
  private long events;
  private long first;
  private long last;
  private long lost;
  private long gaps;
  private boolean lostUncounted;

  private Census() {}

  static Census of(TraceSource source) {
    Census census = new Census();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        census.add(cursor.event());
      }
    }
    return census;
  }

  private void add(TraceEvent event) {
    first = events == 0 ? event.timestamp() : first;
    last = Math.max(last, event.timestamp());
    events++;
    kinds.computeIfAbsent(event.format(), unused -> new long[1])[0]++;
    tasks.computeIfAbsent(event.pid(), unused -> new long[1])[0]++;
    if (event.lost() != 0) {
      gaps++;
      lost += Math.max(0, event.lost());
      lostUncounted |= event.lost() == TraceEvent.LOST_UNCOUNTED;
    }
  }

  /** All events, stacks too. */
  long events() {
    return events;
  }

  /** The first stamp; 0 if there is no event. */
  long first() {
    return first;
  }

  /** The last stamp. */
  long last() {
    return last;
  }

  /** How many events were lost, as far as they were counted. */
  long lost() {
    return lost;
  }

  /** How often events were lost. */
  long gaps() {
    return gaps;
  }

  /** Whether events were lost that nobody counted. */
  boolean isLostUncounted() {
    return lostUncounted;
  }

  /** Number of tasks. */
  int nrTasks() {
    return tasks.size();
  }

  /** Events by full name, the most frequent first. */
  Map<String, Long> kinds() {
    Map<String, Long> byName = new HashMap<>();
    kinds.forEach((format, count) -> byName.merge(format.fullName(), count[0], Long::sum));
    Map<String, Long> sorted = new LinkedHashMap<>();
    byName.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  /** The pids of the tasks with the most events, the busiest first. */
  List<Integer> busiest(int most) {
    return tasks.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<Integer, long[]> entry) -> -entry.getValue()[0])
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many events a task has. */
  long eventsOf(int pid) {
    long[] count = tasks.get(pid);
    return count == null ? 0 : count[0];
  }
}
