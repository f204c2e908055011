package dev.pgmap.trace.write;

/** How long a call took, with a mark for long ones, in the width of function_graph's column. */
final class GraphDuration {
  private static final int DIGITS = 7;

  private GraphDuration() {}

  /** As a kernel does it (trace_find_mark, trace_print_graph_duration). */
  static void appendKernel(long nanos, StringBuilder out) {
    out.append(kernelMark(nanos)).append(' ');
    int start = micros(nanos, out);
    out.setLength(Math.min(out.length(), Math.max(start + DIGITS + 1, endOfMicros(out, start))));
    unit(out, start, DIGITS + 1);
  }

  /** As trace-cmd does it: fewer marks, all three digits of the fraction, one blank less. */
  static void appendReport(long nanos, StringBuilder out) {
    out.append(reportMark(nanos)).append(' ');
    unit(out, micros(nanos, out), DIGITS);
  }

  /** Says where it began. */
  private static int micros(long nanos, StringBuilder out) {
    int start = out.length();
    out.append(Long.toUnsignedString(Long.divideUnsigned(nanos, 1_000)));
    if (out.length() - start < DIGITS) {
      out.append('.');
      Columns.zeroes(out, Long.remainderUnsigned(nanos, 1_000), 3);
    }
    return start;
  }

  private static int endOfMicros(StringBuilder out, int start) {
    int point = out.indexOf(".", start);
    return point < 0 ? out.length() : point;
  }

  private static void unit(StringBuilder out, int start, int width) {
    int printed = out.length() - start;
    out.append(" us ").repeat(' ', Math.max(0, width - printed));
  }

  private static char kernelMark(long nanos) {
    if (nanos > 1_000_000_000) {
      return '$';
    }
    if (nanos > 100_000_000) {
      return '@';
    }
    if (nanos > 10_000_000) {
      return '*';
    }
    return reportMark(nanos);
  }

  private static char reportMark(long nanos) {
    if (nanos > 1_000_000_000) {
      return '$';
    }
    if (nanos > 1_000_000) {
      return '#';
    }
    if (nanos > 100_000) {
      return '!';
    }
    return nanos > 10_000 ? '+' : ' ';
  }
}
