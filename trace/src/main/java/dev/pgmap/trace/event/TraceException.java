package dev.pgmap.trace.event;

/**
 * A recording that cannot be read, or a request about it that cannot be met: one sentence that says
 * where, what was found, what was expected and what to do.
 */
public class TraceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final int MOST_CHARS = 200;

  /**
   * An error at a place. What was found may come from a file: of it only a line's length is told,
   * and a mark in place of each character that is none to print.
   *
   * @param where the source, and the offset or line if there is one
   * @param nextStep what to do; may be empty
   */
  public TraceException(String where, String found, String expected, String nextStep) {
    super(
        where
            + ": "
            + printable(found)
            + ", expected "
            + expected
            + (nextStep.isEmpty() ? "" : ": " + nextStep));
  }

  private static String printable(String text) {
    String line = text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) + "..." : text;
    return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
  }

  private TraceException(String message) {
    super(message);
  }

  /** An error that another process met, in its own words. */
  public static TraceException relayed(String where, String message) {
    return new TraceException(where + ": " + message);
  }

  /** An error at a byte of a file. */
  public static TraceException at(
      String source, long offset, String found, String expected, String nextStep) {
    return new TraceException(
        "%s at offset %d (0x%x)".formatted(source, offset, offset), found, expected, nextStep);
  }

  /** An error in a line of a text, from 1. */
  public static TraceException atLine(
      String source, long line, String found, String expected, String nextStep) {
    return new TraceException("%s:%d".formatted(source, line), found, expected, nextStep);
  }
}
