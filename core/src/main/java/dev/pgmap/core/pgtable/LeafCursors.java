package dev.pgmap.core.pgtable;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Cursors for walks that must not allocate: one is taken for the walk and given back after it. A
 * new one is made only when all are out. Thread-safe, never waits.
 */
public final class LeafCursors {
  private static final int MOST_IDLE = 64;

  private final AtomicReferenceArray<@Nullable LeafCursor> idle =
      new AtomicReferenceArray<>(MOST_IDLE);

  /** None yet. */
  public LeafCursors() {}

  /** A cursor that nobody else has, and that stands nowhere. */
  public LeafCursor take() {
    for (int i = 0; i < MOST_IDLE; i++) {
      LeafCursor cursor = idle.get(i);
      if (cursor == null) {
        break;
      }
      if (idle.compareAndSet(i, cursor, null)) {
        return cursor;
      }
    }
    return new LeafCursor();
  }

  /** Takes a cursor back. */
  public void give(LeafCursor cursor) {
    cursor.release();
    for (int i = 0; i < MOST_IDLE; i++) {
      if (idle.compareAndSet(i, null, cursor)) {
        return;
      }
    }
  }
}
