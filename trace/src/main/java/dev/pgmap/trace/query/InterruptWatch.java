package dev.pgmap.trace.query;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * Cancels a statement when the thread that runs it is interrupted: DuckDB's own code does not see
 * interrupts. Watches from its making to its closing.
 */
final class InterruptWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 50;

  private final Statement statement;
  private final Thread watched = Thread.currentThread();
  private final Thread watcher;

  /** Watches the present thread. */
  InterruptWatch(Statement statement) {
    this.statement = statement;
    watcher = Thread.ofVirtual().name("query-interrupt-watch").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        if (watched.isInterrupted()) {
          // Again and again: a statement that has not begun is not cancelled.
          statement.cancel();
        }
      }
    } catch (InterruptedException e) {
      // The statement has ended.
    } catch (SQLException e) {
      throw new IllegalStateException("a statement that cannot be cancelled", e);
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
