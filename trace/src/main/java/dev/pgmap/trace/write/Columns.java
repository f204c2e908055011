package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceEvent;

/** Puts texts and numbers into columns; format strings would take most of an export's time. */
final class Columns {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Columns() {}

  /** The name of an event's task: pid 0 is the idle task, whatever name was noted for it. */
  static String comm(TraceEvent event) {
    return event.pid() == 0 ? Comms.IDLE : event.comm();
  }

  /** A text, blanks before it up to a width. */
  static void right(StringBuilder out, String text, int width) {
    out.repeat(' ', Math.max(0, width - text.length())).append(text);
  }

  /** A number, blanks before it up to a width. */
  static void right(StringBuilder out, long number, int width) {
    right(out, Long.toUnsignedString(number), width);
  }

  /** A number, blanks behind it up to a width. */
  static void left(StringBuilder out, long number, int width) {
    int start = out.length();
    out.append(number);
    out.repeat(' ', Math.max(0, width - (out.length() - start)));
  }

  /** A number, zeroes before it up to a width. */
  static void zeroes(StringBuilder out, long number, int width) {
    String text = Long.toString(number);
    out.repeat('0', Math.max(0, width - text.length())).append(text);
  }

  /** {@code [000]}. */
  static void cpu(StringBuilder out, int cpu) {
    out.append('[');
    zeroes(out, cpu, 3);
    out.append(']');
  }

  /**
   * Seconds and rounded microseconds in the width of {@code %5lu.%06lu}, behind a blank; the bare
   * count of a clock that does not measure time, in at least 12 columns.
   */
  static void stamp(StringBuilder out, TraceClock clock, long stamp) {
    if (!clock.isTime()) {
      right(out, stamp, 12);
      return;
    }
    long micros = Long.divideUnsigned(stamp + 500, 1_000);
    out.append(' ');
    right(out, micros / MICROS_PER_SECOND, 5);
    out.append('.');
    zeroes(out, micros % MICROS_PER_SECOND, 6);
  }

  /** Seconds and nanoseconds, behind a blank. */
  static void nanoStamp(StringBuilder out, long stamp) {
    out.append(' ');
    right(out, Long.divideUnsigned(stamp, NANOS_PER_SECOND), 5);
    out.append('.');
    zeroes(out, Long.remainderUnsigned(stamp, NANOS_PER_SECOND), 9);
  }

  /** Ends the line, unless the text has ended it. */
  static void endLine(StringBuilder out) {
    if (out.isEmpty() || out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
  }
}
