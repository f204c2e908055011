package dev.pgmap.core.sync;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A wait queue, {@code wait_queue_head_t} with {@code wait_event}.
 *
 * <p>Assumption: whoever makes a condition true calls {@link #wakeAll} afterwards. Guarantee: a
 * waiter tests its condition after it is on the queue, so a wake-up between test and sleep is not
 * lost.
 */
public final class WaitQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Sleeps, uninterruptibly, until the condition holds ({@code wait_event}). */
  public void await(BooleanSupplier condition) {
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sleeps until the condition holds or the thread is interrupted ({@code
   * wait_event_interruptible}).
   *
   * @return false if it was interrupted; the interrupt is consumed
   */
  public boolean awaitInterruptibly(BooleanSupplier condition) {
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        changed.await();
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Makes every waiter test its condition again ({@code wake_up_all}). */
  public void wakeAll() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
