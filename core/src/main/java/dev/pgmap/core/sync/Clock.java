package dev.pgmap.core.sync;

import java.util.concurrent.TimeUnit;

/** The machine's monotonic clock; zero when the machine booted. Thread-safe. */
public final class Clock {
  private final long bootNanos = System.nanoTime();

  /** Nanoseconds since boot. */
  public long nanos() {
    return System.nanoTime() - bootNanos;
  }

  /**
   * Sleeps for at least that long.
   *
   * @throws InterruptedException if the thread is interrupted, as by Ctrl-C in the console
   */
  public void sleepNanos(long durationNanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(durationNanos);
  }
}
