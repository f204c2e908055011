package dev.pgmap.core.sync;

import java.util.concurrent.CountDownLatch;

/** A one-time event, {@code struct completion}. What precedes complete is seen after await. */
public final class Completion {
  private final CountDownLatch latch = new CountDownLatch(1);

  /** Announces the event; does not block. */
  public void complete() {
    latch.countDown();
  }

  /** Whether the event has happened. */
  public boolean isDone() {
    return latch.getCount() == 0;
  }

  /**
   * Sleeps until the event, uninterruptibly as {@code wait_for_completion}; an interrupt is kept
   * for the caller.
   */
  public void await() {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
