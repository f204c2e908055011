package dev.pgmap.shell.trace;

import dev.pgmap.trace.event.TraceClock;

/** Prints stamps and spans of a clock. */
final class Stamps {
  private static final long NANOS_IN_SECOND = 1_000_000_000;
  private static final long NANOS_IN_MILLI = 1_000_000;
  private static final long NANOS_IN_MICRO = 1_000;

  private final TraceClock clock;

  Stamps(TraceClock clock) {
    this.clock = clock;
  }

  /** As trace shows it: seconds with six digits, or a count. */
  String at(long stamp) {
    return clock.isTime()
        ? "%d.%06d".formatted(stamp / NANOS_IN_SECOND, stamp % NANOS_IN_SECOND / NANOS_IN_MICRO)
        : Long.toUnsignedString(stamp);
  }

  /** Such as {@code 5.92 s}; a count of the clock's units if it does not measure time. */
  String span(long units) {
    if (!clock.isTime()) {
      return units + " " + clock.name() + " units";
    }
    if (units >= NANOS_IN_SECOND) {
      return "%.2f s".formatted((double) units / NANOS_IN_SECOND);
    }
    return units >= NANOS_IN_MILLI
        ? "%.1f ms".formatted((double) units / NANOS_IN_MILLI)
        : "%.1f us".formatted((double) units / NANOS_IN_MICRO);
  }
}
