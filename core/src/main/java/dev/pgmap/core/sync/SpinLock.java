package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lock for short sections, {@code spinlock_t}. Not recursive.
 *
 * <p>It spins a little and then yields, since a simulated cpu can lose its real one while it holds
 * the lock.
 */
public final class SpinLock {
  private static final int SPINS_BEFORE_YIELD = 100;

  private final AtomicInteger held = new AtomicInteger();

  /** Takes the lock, busy waiting. */
  public void lock() {
    int spins = 0;
    while (!held.compareAndSet(0, 1)) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /**
   * Gives the lock back.
   *
   * @throws IllegalStateException if nobody has it
   */
  public void unlock() {
    if (held.getAndSet(0) != 1) {
      throw new IllegalStateException("spinlock: unlock without lock");
    }
  }
}
