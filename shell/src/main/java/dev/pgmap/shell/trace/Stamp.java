package dev.pgmap.shell.trace;

import dev.pgmap.trace.event.TraceClock;

/** Times of events as text. */
final class Stamp {
  private Stamp() {}

  static String text(TraceClock clock, long stamp) {
    return clock.isTime() ? "%.6f s".formatted(stamp / 1e9) : "count " + stamp;
  }
}
