package dev.pgmap.trace.filter;

import dev.pgmap.trace.event.TraceException;

/**
 * A line of a filter, trigger or histogram that cannot be taken: what is wrong, and where in the
 * line, as {@code error_log} shows it.
 */
public final class LineException extends TraceException {
  private static final long serialVersionUID = 1;

  private final String place;
  private final String problem;
  private final String line;
  private final int position;

  /**
   * An error.
   *
   * @param place what the kernel puts before the error, such as {@code event filter parse error}
   * @param problem what is wrong, in the kernel's words where it has some
   * @param line the whole line
   * @param position of the caret, from 0
   * @param expected what would be right, for the exception's message
   */
  public LineException(String place, String problem, String line, int position, String expected) {
    super(
        "%s at column %d of '%s'".formatted(place, position + 1, shown(line)),
        problem,
        expected,
        "");
    this.place = place;
    this.problem = problem;
    this.line = line;
    this.position = position;
  }

  private static String shown(String line) {
    String start = line.length() > 200 ? line.substring(0, 200) + "…" : line;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** Where in the line the caret stands, from 0. */
  public int position() {
    return position;
  }

  /** The lines of {@code error_log}: the kernel puts the time in brackets before the first. */
  public String errorLog() {
    return "%s: error: %s\n  Command: %s\n%s^\n"
        .formatted(place, problem, line, " ".repeat("  Command: ".length() + position));
  }

  /** What the {@code filter} file shows after it: the line, a caret, and the error. */
  public String filterFile() {
    return "%s\n%s^\nparse_error: %s\n"
        .formatted(line, " ".repeat(Math.min(position, line.length())), problem);
  }
}
