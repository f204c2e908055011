package dev.pgmap.trace.query;

import java.sql.SQLException;
import java.util.stream.Collectors;

/** Makes one line of what DuckDB says about a statement. */
final class SqlError {
  /** What it puts before the error proper of a statement that is run in steps. */
  private static final String PENDING = "query result\nError: ";

  /** Before the statement with a mark below, which needs more than a line. */
  private static final String STATEMENT = "\n\nLINE ";

  private static final int MAX_CHARS = 400;

  private SqlError() {}

  /** The error of a query that cannot be answered. */
  static QueryException of(SQLException error, String expected, String nextStep) {
    return new QueryException(line(String.valueOf(error.getMessage())), expected, nextStep);
  }

  /** The message without line ends. */
  static String line(String message) {
    int pending = message.indexOf(PENDING);
    String text = pending < 0 ? message : message.substring(pending + PENDING.length());
    int statement = text.indexOf(STATEMENT);
    String shown = statement < 0 ? text : text.substring(0, statement);
    String line =
        shown
            .lines()
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "));
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "...";
  }
}
