package dev.pgmap.shell.builtin;

import dev.pgmap.core.sync.Clock;

/** Interrupts a thread after a while on the machine's clock, unless it is cancelled before. */
final class Alarm {
  private final Thread sleeper;
  private final Thread target;
  private boolean cancelled;
  private boolean rung;

  Alarm(Clock clock, Thread target, long nanos) {
    this.target = target;
    this.sleeper = Thread.ofPlatform().daemon().name("timeout").start(() -> ring(clock, nanos));
  }

  private void ring(Clock clock, long nanos) {
    try {
      clock.sleepNanos(nanos);
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
