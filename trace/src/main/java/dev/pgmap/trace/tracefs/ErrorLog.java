package dev.pgmap.trace.tracefs;

import dev.pgmap.trace.filter.LineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** {@code error_log}: the last eight lines that were refused, with the time. Thread-safe. */
final class ErrorLog {
  private static final int MAX_ERRORS = 8;
  private static final long NANOS = 1_000_000_000L;

  private final LongSupplier nanos;
  private final Deque<String> errors = new ArrayDeque<>();

  /** A log that is stamped by that clock. */
  ErrorLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void add(LineException error) {
    if (errors.size() == MAX_ERRORS) {
      errors.removeFirst();
    }
    long now = nanos.getAsLong();
    errors.add("[%5d.%06d] %s".formatted(now / NANOS, now % NANOS / 1000, error.errorLog()));
  }

  synchronized String text() {
    return String.join("", errors);
  }

  synchronized void clear() {
    errors.clear();
  }
}
