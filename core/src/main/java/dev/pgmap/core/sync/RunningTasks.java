package dev.pgmap.core.sync;

import org.jspecify.annotations.Nullable;

/**
 * Which task each thread runs as.
 *
 * <p>A thread-local knows it for sure. In front of it is a small table by thread id, which saves a
 * traced event a fifth of its cost. Threads that share a place overwrite each other's entry, and
 * then ask the thread-local. An entry names its thread and is written by that thread only, whenever
 * its task changes: so one that names the calling thread is its present one. Other threads may see
 * it, unordered, and ignore it; whom it names is final. Thread-safe.
 */
final class RunningTasks {
  private static final int PLACES = 256;

  private final ThreadLocal<@Nullable CurrentTask> exact = new ThreadLocal<>();
  private final @Nullable CurrentTask[] recent = new CurrentTask[PLACES];

  /** The task of the calling thread; null if it runs as none. */
  @Nullable CurrentTask current() {
    Thread thread = Thread.currentThread();
    CurrentTask task = recent[placeOf(thread)];
    return task != null && task.isOf(thread) ? task : exact.get();
  }

  /** Sets the task of the calling thread. */
  void set(@Nullable CurrentTask next) {
    if (next == null) {
      exact.remove();
    } else {
      exact.set(next);
    }
    recent[placeOf(Thread.currentThread())] = next;
  }

  private static int placeOf(Thread thread) {
    return (int) thread.threadId() & PLACES - 1;
  }
}
