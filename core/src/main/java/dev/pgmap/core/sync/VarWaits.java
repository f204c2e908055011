package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Waiting for a change of something that has no wait queue of its own: {@code wait_var_event} and
 * {@code wake_up_var}.
 *
 * <p>What is waited for is named by a number, such as a pfn; numbers share a few queues by their
 * hash, so a waiter can wake for nothing, and tests its condition again. Assumption: whoever makes
 * a condition true does so by a volatile write or an atomic instruction, and calls {@link #wake}
 * afterwards. Waking costs one load while nobody waits. Thread-safe.
 */
public final class VarWaits {
  private static final int QUEUES = 64;

  private static final class Queue {
    private final WaitQueue queue = new WaitQueue();
    private final AtomicInteger waiting = new AtomicInteger();
  }

  private final Queue[] queues = new Queue[QUEUES];

  /** Queues nobody waits on yet. */
  public VarWaits() {
    for (int i = 0; i < QUEUES; i++) {
      queues[i] = new Queue();
    }
  }

  /** Sleeps, uninterruptibly, until the condition holds. */
  public void await(long key, BooleanSupplier condition) {
    Queue queue = of(key);
    queue.waiting.incrementAndGet();
    try {
      queue.queue.await(condition);
    } finally {
      queue.waiting.decrementAndGet();
    }
  }

  /**
   * Sleeps until the condition holds or the thread is interrupted.
   *
   * @return false if it was interrupted; the interrupt is consumed
   */
  public boolean awaitInterruptibly(long key, BooleanSupplier condition) {
    Queue queue = of(key);
    queue.waiting.incrementAndGet();
    try {
      return queue.queue.awaitInterruptibly(condition);
    } finally {
      queue.waiting.decrementAndGet();
    }
  }

  /** Makes everyone who waits for this key test the condition again. */
  public void wake(long key) {
    Queue queue = of(key);
    if (queue.waiting.get() > 0) {
      queue.queue.wakeAll();
    }
  }

  private Queue of(long key) {
    return queues[Long.hashCode(key * 0x9e37_79b9_7f4a_7c15L) >>> 26 & QUEUES - 1];
  }
}
