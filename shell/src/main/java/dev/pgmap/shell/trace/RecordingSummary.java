package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.Console;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The figures of a recording, from one pass over its events. Immutable once made. */
final class RecordingSummary {
  private static final long NANOS_IN_SECOND = 1_000_000_000;
  private static final int CHECK_EVERY = 1 << 16;

  private final Map<EventFormat, long[]> counts = new IdentityHashMap<>();
  private final TreeSet<String> buffers = new TreeSet<>();
  private long events;
  private long first;
  private long last;
  private long lostCounted;
  private boolean lostUncounted;

  private RecordingSummary() {}

  static RecordingSummary of(TraceSource source) {
    RecordingSummary summary = new RecordingSummary();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        summary.add(cursor.event());
      }
    }
    return summary;
  }

  private void add(TraceEvent event) {
    if (events % CHECK_EVERY == 0) {
      Console.checkInterrupted();
    }
    first = events == 0 ? event.timestamp() : first;
    last = event.timestamp();
    events++;
    counts.computeIfAbsent(event.format(), unused -> new long[1])[0]++;
    lostCounted += Math.max(0, event.lost());
    lostUncounted |= event.lost() == TraceEvent.LOST_UNCOUNTED;
    buffers.add(event.buffer());
  }

  long events() {
    return events;
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  /** How many events were lost; with a plus if more were that nobody counted. */
  String lost() {
    return lostUncounted ? lostCounted + "+" : Long.toString(lostCounted);
  }

  /** Whether there are others than the top buffer. */
  boolean hasBuffers() {
    return buffers.size() > 1 || !buffers.isEmpty() && !buffers.first().isEmpty();
  }

  Collection<String> buffers() {
    return buffers.stream().map(name -> name.isEmpty() ? "(top)" : name).toList();
  }

  /** From when to when. */
  String time(TraceClock clock) {
    if (events == 0) {
      return "none";
    }
    return "%s to %s".formatted(stamp(clock, first), stamp(clock, last));
  }

  private static String stamp(TraceClock clock, long stamp) {
    return clock.isTime()
        ? "%d.%06d".formatted(stamp / NANOS_IN_SECOND, stamp % NANOS_IN_SECOND / 1_000)
        : Long.toUnsignedString(stamp);
  }

  /** Events by full name, the most frequent first. */
  Map<String, Long> byName() {
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<EventFormat, long[]> entry) -> -entry.getValue()[0])
                .thenComparing(entry -> entry.getKey().fullName()))
        .forEach(entry -> sorted.merge(entry.getKey().fullName(), entry.getValue()[0], Long::sum));
    return sorted;
  }
}
