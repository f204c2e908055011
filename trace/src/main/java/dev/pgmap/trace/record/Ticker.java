package dev.pgmap.trace.record;

import org.jspecify.annotations.Nullable;

/**
 * Counts milliseconds, about, so that a lane can tell cheaply that time has passed. Thread-safe.
 */
final class Ticker {
  private static final long PERIOD_MILLIS = 1;

  private volatile long ticks;
  private @Nullable Thread thread;

  long now() {
    return ticks;
  }

  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("trace-ticker").start(this::run);
    }
  }

  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run() {
    try {
      for (long n = ticks + 1; ; n++) {
        Thread.sleep(PERIOD_MILLIS);
        ticks = n;
      }
    } catch (InterruptedException e) {
      // stopped
    }
  }
}
