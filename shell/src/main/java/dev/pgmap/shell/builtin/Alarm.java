package dev.pgmap.shell.builtin;

import java.util.concurrent.TimeUnit;

/** Interrupts a thread after a while, unless it is cancelled before. */
final class Alarm {
  private final Thread sleeper;
  private final Thread target;
  private boolean cancelled;
  private boolean rung;

  Alarm(Thread target, long nanos) {
    this.target = target;
    this.sleeper = Thread.ofPlatform().daemon().name("timeout").start(() -> ring(nanos));
  }

  private void ring(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      return;
    }
    synchronized (this) {
      if (!cancelled) {
        rung = true;
        target.interrupt();
      }
    }
  }

  /** Called by the thread itself: after this it is not interrupted any more. */
  synchronized void cancel() {
    cancelled = true;
    sleeper.interrupt();
    if (rung) {
      Thread.interrupted();
    }
  }

  synchronized boolean hasRung() {
    return rung;
  }
}
