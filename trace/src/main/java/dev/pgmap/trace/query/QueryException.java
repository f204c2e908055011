package dev.pgmap.trace.query;

/**
 * A query that cannot be answered as it was asked: one line that says what was found, what was
 * expected and what to do.
 */
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * An error.
   *
   * @param nextStep what to do; may be empty
   */
  QueryException(String found, String expected, String nextStep) {
    super(found + ", expected " + expected + (nextStep.isEmpty() ? "" : ": " + nextStep));
  }
}
