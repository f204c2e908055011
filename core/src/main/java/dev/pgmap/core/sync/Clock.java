package dev.pgmap.core.sync;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The machine's monotonic clock; zero when the machine booted. Thread-safe.
 *
 * <p>It runs as fast as the host's, but can be moved on: time that everybody would sleep through
 * need not be waited for.
 */
public final class Clock {
  private final long bootNanos = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final PriorityQueue<Long> wakeups = new PriorityQueue<>();
  private final AtomicLong skippedNanos = new AtomicLong();

  /** Nanoseconds since boot. */
  public long nanos() {
    return System.nanoTime() - bootNanos + skippedNanos.get();
  }

  /**
   * Sleeps for at least that long.
   *
   * @throws InterruptedException if the thread is interrupted, as by Ctrl-C in the console
   */
  public void sleepNanos(long durationNanos) throws InterruptedException {
    lock.lockInterruptibly();
    Long wakeup = nanos() + durationNanos;
    wakeups.add(wakeup);
    try {
      for (long left = durationNanos; left > 0; left = wakeup - nanos()) {
        moved.awaitNanos(left);
      }
    } finally {
      wakeups.remove(wakeup);
      lock.unlock();
    }
  }

  /**
   * Moves on to the moment at which the next sleeper wakes. Whoever calls this knows that nobody
   * else has anything to do until then.
   *
   * @return by how many nanoseconds; 0 if nobody sleeps
   */
  public long skipToNextWakeup() {
    lock.lock();
    try {
      Long next = wakeups.peek();
      long skip = next == null ? 0 : Math.max(0, next - nanos());
      skippedNanos.addAndGet(skip);
      moved.signalAll();
      return skip;
    } finally {
      lock.unlock();
    }
  }
}
