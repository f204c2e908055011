package dev.pgmap.core.sync;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A wait queue whose waiters say what they wait for, and are woken one at a time or all: {@code
 * prepare_to_wait_exclusive} with a wake function that compares keys.
 *
 * <p>Use: under the lock that guards what is waited for, test it and {@link #prepare}; give that
 * lock up; {@link #sleep}; take the lock and test again. Who changes it does so under the same lock
 * and calls {@link #wakeNext} or {@link #wakeAll} there. So no wake-up between test and sleep is
 * lost. A waiter that was woken alone and does not use its turn has to wake the next one.
 */
public final class KeyedWaitQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  /** One thread that waits, or is about to. */
  public final class Waiter {
    private final Object key;
    private final boolean exclusive;
    private final Condition changed = lock.newCondition();
    private boolean woken;

    private Waiter(Object key, boolean exclusive) {
      this.key = key;
      this.exclusive = exclusive;
    }
  }

  /**
   * Puts the calling thread on the queue.
   *
   * @param key equal to the key that the waker will give
   * @param exclusive whether one wake-up of one waiter is enough for it; else it is woken together
   *     with that one
   */
  public Waiter prepare(Object key, boolean exclusive) {
    Waiter waiter = new Waiter(key, exclusive);
    lock.lock();
    try {
      if (exclusive) {
        waiters.addLast(waiter);
      } else {
        waiters.addFirst(waiter);
      }
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  /** Sleeps, uninterruptibly, until the waiter is woken, which takes it off the queue. */
  public void sleep(Waiter waiter) {
    lock.lock();
    try {
      while (!waiter.woken) {
        waiter.changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the exclusive waiter of this key that came first, and all that are not exclusive. */
  public void wakeNext(Object key) {
    wake(key, 1);
  }

  /** Wakes every waiter of this key. */
  public void wakeAll(Object key) {
    wake(key, Integer.MAX_VALUE);
  }

  private void wake(Object key, int nrExclusive) {
    lock.lock();
    try {
      int left = nrExclusive;
      for (Iterator<Waiter> all = waiters.iterator(); all.hasNext() && left > 0; ) {
        Waiter waiter = all.next();
        if (waiter.key.equals(key)) {
          all.remove();
          waiter.woken = true;
          waiter.changed.signal();
          left -= waiter.exclusive ? 1 : 0;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many threads are on the queue, whatever their keys. */
  public int nrWaiters() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }
}
