package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.TraceEvent;

/**
 * A line that tells of lost events: {@code CPU:n [LOST k EVENTS]}, as a kernel prints it, or {@code
 * CPU:n [k EVENTS DROPPED]}, as trace-cmd does; the number may be missing. For one thread.
 */
final class LossLine {
  private static final int MAX_CPUS = 1 << 16;

  private int cpu;
  private long events;

  /** Reads one; false if the line is none. */
  boolean read(String line) {
    int from = line.indexOf("CPU:");
    if (from < 0 || !line.endsWith("]")) {
      return false;
    }
    Words words = new Words(line, from + 4);
    int found = TextNumbers.small(words.word());
    String rest = words.rest();
    if (found < 0 || found >= MAX_CPUS || !rest.contains("EVENTS")) {
      return false;
    }
    cpu = found;
    events = TraceEvent.LOST_UNCOUNTED;
    for (String word : rest.substring(1).split(" ", 4)) {
      Long count = TextNumbers.decimal(word);
      events = count != null && count > 0 ? count : events;
    }
    return true;
  }

  /** The cpu that lost some. */
  int cpu() {
    return cpu;
  }

  /** How many. */
  long events() {
    return events;
  }
}
