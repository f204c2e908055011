package dev.pgmap.shell.session;

import dev.pgmap.core.sync.Clock;
import java.lang.Thread.State;
import java.util.stream.Stream;

/**
 * Skips the time in which a session only sleeps: whenever everything that it runs waits, its clock
 * moves on to the next moment at which a sleeper wakes. So a scenario takes as long as its work,
 * and its steps still come in the order of their times.
 *
 * <p>What the session runs are its jobs and one foreground thread. They are looked at, a thread of
 * its own does that, until {@link #close}. A thread that was woken but has not run yet still looks
 * as if it waited: therefore all of them have to wait for several looks in a row.
 */
public final class FastForward implements AutoCloseable {
  private static final long LOOK_MILLIS = 2;
  private static final int LOOKS = 12;

  private final Session session;
  private final Thread foreground;
  private final Thread watcher;

  /** Begins to skip. */
  public FastForward(Session session, Thread foreground) {
    this.session = session;
    this.foreground = foreground;
    this.watcher = Thread.ofPlatform().daemon().name("fast-forward").start(this::watch);
  }

  private void watch() {
    Clock clock = session.machine().sync().clock();
    int looks = 0;
    try {
      while (true) {
        Thread.sleep(LOOK_MILLIS);
        looks = allWait() ? looks + 1 : 0;
        if (looks == LOOKS) {
          clock.skipToNextWakeup();
          looks = 0;
        }
      }
    } catch (InterruptedException closed) {
      // The session runs at its own pace from here on.
    }
  }

  private boolean allWait() {
    return Stream.concat(Stream.of(foreground), session.jobs().threads().stream())
        .map(Thread::getState)
        .allMatch(state -> state == State.WAITING || state == State.TIMED_WAITING);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
