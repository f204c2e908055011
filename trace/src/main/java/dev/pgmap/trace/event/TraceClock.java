package dev.pgmap.trace.event;

/**
 * The clock of a source.
 *
 * @param name as {@code trace_clock} names it: local, global, counter, mono, …
 * @param isTime whether stamps are nanoseconds; else they are counts without a unit
 */
public record TraceClock(String name, boolean isTime) {
  /** The clock of that name; those that count rather than measure are counter and x86-tsc. */
  public static TraceClock named(String name) {
    return new TraceClock(
        name, !name.equals("counter") && !name.equals("x86-tsc") && !name.equals("uptime"));
  }
}
