package dev.pgmap.trace.read.text;

import java.util.List;

/**
 * A line of the latency format, the flags right behind the cpu: {@code comm-pid cpu flags time us
 * mark : what} with a mark for long delays, as a kernel prints it (trace_print_lat_context), or
 * {@code comm-pid cpu flags time: what}, as {@code trace-cmd report -l} does.
 */
final class LatencyLine {
  private static final String MARKS = "$@*#!+ ";
  private static final long NANOS_IN_MICROSECOND = 1_000;

  private LatencyLine() {}

  /**
   * Reads one.
   *
   * @param columns of flags that the headings name
   * @return false if it is none
   */
  static boolean read(String line, List<String> columns, RawEvent to) {
    return isKernels(line, columns, to) || isReports(line, columns, to);
  }

  /** The time is the first word that is a number and a colon. */
  private static boolean isReports(String line, List<String> columns, RawEvent to) {
    Words words = new Words(line, 0);
    words.skipBlanks();
    while (words.position() < line.length()) {
      int from = words.position();
      String word = words.word();
      boolean isStamp =
          word.endsWith(":") && TextNumbers.stamp(word.substring(0, word.length() - 1), to);
      if (isStamp) {
        return isTask(line.substring(0, from).stripTrailing(), columns, to)
            && EventText.read(words.rest(), to);
      }
      words.skipBlanks();
    }
    return false;
  }

  private static boolean isKernels(String line, List<String> columns, RawEvent to) {
    int us = line.indexOf("us");
    if (us < 1 || !Character.isDigit(line.charAt(us - 1))) {
      return false;
    }
    int colon = us + 2;
    while (colon < line.length() && MARKS.indexOf(line.charAt(colon)) >= 0) {
      colon++;
    }
    if (colon >= line.length() || line.charAt(colon) != ':') {
      return false;
    }
    int from = us;
    while (from > 0 && Character.isDigit(line.charAt(from - 1))) {
      from--;
    }
    Long micros = TextNumbers.decimal(line.substring(from, us));
    if (micros == null || micros < 0 || micros > Long.MAX_VALUE / NANOS_IN_MICROSECOND) {
      return false;
    }
    to.stamp = micros * NANOS_IN_MICROSECOND;
    to.isCount = false;
    return isTask(line.substring(0, from).stripTrailing(), columns, to)
        && EventText.read(line.substring(colon + 1).strip(), to);
  }

  /** The task, then the cpu and its flags as one word. */
  private static boolean isTask(String head, List<String> columns, RawEvent to) {
    int blank = head.lastIndexOf(' ');
    String word = head.substring(blank + 1);
    int digits = 0;
    while (digits < word.length() && Character.isDigit(word.charAt(digits))) {
      digits++;
    }
    String task = blank < 0 ? "" : head.substring(0, blank).strip();
    int dash = task.lastIndexOf('-');
    int pid = dash < 1 ? -1 : TextNumbers.small(task.substring(dash + 1));
    String flags = word.substring(digits);
    int cpu = digits > 4 ? -1 : TextNumbers.small(word.substring(0, digits));
    if (pid < 0 || cpu < 0 || !FlagText.isFlags(flags)) {
      return false;
    }
    to.pid = pid;
    to.comm = task.substring(0, dash).strip();
    to.cpu = cpu;
    FlagText.read(flags, columns, to);
    return true;
  }
}
