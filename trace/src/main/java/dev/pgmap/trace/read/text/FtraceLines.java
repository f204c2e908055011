package dev.pgmap.trace.read.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of {@code trace} and {@code trace_pipe} (print_trace_line), and of {@code trace-cmd
 * report}.
 *
 * <pre>
 *   line    [buffer ':'] comm '-' pid ['(' tgid ')'] '[' cpu ']' [flags] time ':' what
 *   what    event ':' text  |  function '<-' parent  |  '&lt;stack trace&gt;'
 *   frame   '=>' function
 *   loss    'CPU:' cpu '[LOST' n 'EVENTS]'  |  'CPU:' cpu '[' [n] 'EVENTS DROPPED]'
 * </pre>
 *
 * <p>A comm may hold blanks, dashes, colons and brackets: what counts is the last dash and number
 * before a bracket with a number in it.
 */
final class FtraceLines implements Dialect {
  private static final int MAX_CPU_DIGITS = 5;
  private static final int MAX_CPUS = 1 << 16;
  private static final int MAX_PID_DIGITS = 9;
  private static final int MAX_TGID_CHARS = 12;

  private final List<String> columns = new ArrayList<>();
  private final LossLine loss = new LossLine();
  private String frame = "";
  private int nrCpus;

  @Override
  public Line read(String line, RawEvent to) {
    Words words = new Words(line, 0);
    words.skipBlanks();
    int start = words.position();
    if (start == line.length()) {
      return Line.OTHER;
    }
    if (line.charAt(start) == '#') {
      return heading(line.substring(start));
    }
    if (line.startsWith("cpus=", start)) {
      nrCpus(line.substring(start + "cpus=".length()));
      return Line.OTHER;
    }
    if (line.startsWith("=>", start)) {
      frame = FunctionText.name(line.substring(start + 2));
      return Line.FRAME;
    }
    if (loss.read(line)) {
      return Line.LOST;
    }
    return isEvent(line, to) || LatencyLine.read(line, columns, to) ? Line.EVENT : Line.UNKNOWN;
  }

  private Line heading(String text) {
    int arrow = text.indexOf("=> ");
    if (arrow >= 0 && columns.size() < FlagText.MOST_COLUMNS) {
      columns.add(text.substring(arrow + 3).strip());
    }
    int cpus = text.indexOf("#P:");
    if (cpus >= 0) {
      nrCpus(new Words(text, cpus + 3).word());
    }
    return Line.OTHER;
  }

  private void nrCpus(String digits) {
    int count = TextNumbers.small(digits.strip());
    nrCpus = count > 0 && count <= MAX_CPUS ? count : nrCpus;
  }

  /**
   * Reads the task in front of a bracket. Looks at a few characters only unless there is one, so
   * that a line full of brackets takes no longer than another.
   */
  private static boolean isTask(String line, int bracket, RawEvent to) {
    int end = skipBlanksBack(line, bracket);
    if (end > 0 && line.charAt(end - 1) == ')') {
      int open = line.lastIndexOf('(', end);
      end = end - open > MAX_TGID_CHARS ? 0 : skipBlanksBack(line, Math.max(open, 0));
    }
    int dash = end - 1;
    while (dash > 0 && end - dash <= MAX_PID_DIGITS && Character.isDigit(line.charAt(dash))) {
      dash--;
    }
    int pid = dash < 1 || line.charAt(dash) != '-' ? -1 : number(line, dash + 1, end);
    if (pid < 0) {
      return false;
    }
    to.pid = pid;
    to.comm = line.substring(0, dash).strip();
    splitBuffer(to);
    return true;
  }

  private static int number(String line, int from, int to) {
    return TextNumbers.small(line.substring(from, to));
  }

  private static int skipBlanksBack(String line, int from) {
    int end = from;
    while (end > 0 && Words.isBlank(line.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** {@code trace-cmd report} puts the name of the instance in front of the task. */
  private static void splitBuffer(RawEvent to) {
    int colon = to.comm.indexOf(": ");
    if (colon > 0 && to.comm.indexOf(' ') == colon + 1) {
      to.buffer = to.comm.substring(0, colon);
      to.comm = to.comm.substring(colon + 1).strip();
    }
  }

  private boolean isEvent(String line, RawEvent to) {
    for (int open = line.indexOf('['); open >= 0; open = line.indexOf('[', open + 1)) {
      int close = open + 1;
      while (close < line.length() && Character.isDigit(line.charAt(close))) {
        close++;
      }
      boolean isNumber =
          close > open + 1
              && close - open <= MAX_CPU_DIGITS + 1
              && close < line.length()
              && line.charAt(close) == ']';
      if (isNumber && isTask(line, open, to)) {
        to.cpu = number(line, open + 1, close);
        return to.cpu < MAX_CPUS && isRest(new Words(line, close + 1), to);
      }
    }
    return false;
  }

  private boolean isRest(Words words, RawEvent to) {
    if (words.peek().startsWith("(")) {
      String word = words.word();
      while (!word.isEmpty() && !word.endsWith(")")) {
        word = words.word();
      }
    }
    String word = words.word();
    if (FlagText.isFlags(word)) {
      FlagText.read(word, columns, to);
      word = words.word();
    }
    return word.endsWith(":")
        && TextNumbers.stamp(word.substring(0, word.length() - 1), to)
        && EventText.read(words.rest(), to);
  }

  @Override
  public String frame() {
    return frame;
  }

  @Override
  public int lostCpu() {
    return loss.cpu();
  }

  @Override
  public long lostEvents() {
    return loss.events();
  }

  @Override
  public int nrCpus() {
    return nrCpus;
  }
}
