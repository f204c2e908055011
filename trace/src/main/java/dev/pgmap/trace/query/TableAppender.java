package dev.pgmap.trace.query;

import java.math.BigInteger;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * Appends rows to a table, cell by cell. All methods throw a {@link QueryException} if there is no
 * room. For one thread.
 */
final class TableAppender implements AutoCloseable {
  private final DuckDBAppender appender;

  TableAppender(DuckDBAppender appender) {
    this.appender = appender;
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw SqlError.of(e, "room for the rows", "name fewer columns");
    }
  }

  TableAppender beginRow() {
    run(appender::beginRow);
    return this;
  }

  void endRow() {
    run(appender::endRow);
  }

  TableAppender add(long value) {
    run(() -> appender.append(value));
    return this;
  }

  TableAppender add(int value) {
    run(() -> appender.append(value));
    return this;
  }

  TableAppender add(boolean value) {
    run(() -> appender.append(value));
    return this;
  }

  TableAppender add(BigInteger value) {
    run(() -> appender.append(value));
    return this;
  }

  TableAppender add(long[] values) {
    run(() -> appender.append(values));
    return this;
  }

  /** A text, or null. */
  TableAppender add(@Nullable String value) {
    run(() -> appender.append(value));
    return this;
  }

  TableAppender addNull() {
    run(appender::appendNull);
    return this;
  }

  @Override
  public void close() {
    run(appender::close);
  }
}
