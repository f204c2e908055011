package dev.pgmap.core.sync;

import org.jspecify.annotations.Nullable;

/**
 * Whom a thread runs as: {@code current}. Each run is one of its own, compared by identity, and
 * belongs to its thread.
 */
public final class CurrentTask {
  private final Thread thread = Thread.currentThread();
  private final Sync sync;
  private final int pid;
  private final String comm;
  private final String label;
  private @Nullable Object attachment;

  CurrentTask(Sync sync, int pid, String comm, String label) {
    this.sync = sync;
    this.pid = pid;
    this.comm = comm;
    this.label = label;
  }

  /** Whether it is a run of that thread. */
  @SuppressWarnings("ReferenceEquality") // A thread equals itself alone, and this is cheaper.
  boolean isOf(Thread candidate) {
    return thread == candidate;
  }

  /** The machine that the task belongs to. */
  public Sync sync() {
    return sync;
  }

  /** Its process id. */
  public int pid() {
    return pid;
  }

  /** Its command name, such as {@code gup_test}. */
  public String comm() {
    return comm;
  }

  /** What messages call it, such as {@code gup_test[104]}. */
  public String label() {
    return label;
  }

  /** What a recorder keeps with the run; for the run's own thread. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something with the run; for the run's own thread. */
  public void attach(@Nullable Object next) {
    attachment = next;
  }
}
