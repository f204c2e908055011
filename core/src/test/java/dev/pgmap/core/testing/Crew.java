package dev.pgmap.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads of one test: they start together, and what one of them throws fails the test.
 *
 * <p>Made and joined by one thread.
 */
public final class Crew {
  /** Work that may fail in any way. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  private static final long JOIN_MILLIS = 120_000;

  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Adds a thread, which waits for {@link #start}. */
  public Crew add(Work work) {
    threads.add(Thread.ofPlatform().daemon().start(() -> run(work)));
    return this;
  }

  /** Adds that many threads of the same work. */
  public Crew add(int nrThreads, Work work) {
    for (int i = 0; i < nrThreads; i++) {
      add(work);
    }
    return this;
  }

  private void run(Work work) {
    try {
      go.await();
      work.run();
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  /** Lets all threads go. */
  public Crew start() {
    go.countDown();
    return this;
  }

  /** Whether a thread has failed already, so that others need not go on. */
  public boolean hasFailed() {
    return failure.get() != null;
  }

  /** Whether all threads have ended within this time. */
  public boolean endsWithin(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    for (Thread thread : threads) {
      thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      if (thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  /** Waits for all threads, and throws what the first one threw. */
  public void join() throws InterruptedException {
    boolean ended = endsWithin(JOIN_MILLIS);
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("a thread of the test failed: " + thrown, thrown);
    }
    if (!ended) {
      throw new AssertionError("threads still run: " + stacks());
    }
  }

  private String stacks() {
    StringBuilder text = new StringBuilder();
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        text.append('\n').append(thread).append(List.of(thread.getStackTrace()));
      }
    }
    return text.toString();
  }

  /** Starts all threads and waits for them. */
  public void runAll() throws InterruptedException {
    start();
    join();
  }

  /** Gives a thread that should be blocked a chance to show that it is not. */
  public static void settle() throws InterruptedException {
    Thread.sleep(30);
  }

  /** The seed for a random test: the one named on the command line, or a fresh one; printed. */
  public static long seed(String test) {
    long seed = Long.getLong("pgmap.seed", System.nanoTime());
    System.out.println(test + ": seed " + seed + " (repeat with -Dpgmap.seed=" + seed + ")");
    return seed;
  }
}
