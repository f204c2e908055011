package dev.pgmap.core.sync;

/**
 * Whom a thread runs as: {@code current}. Each run is one of its own, compared by identity.
 * Immutable.
 */
public final class CurrentTask {
  private final Sync sync;
  private final int pid;
  private final String comm;
  private final String label;

  CurrentTask(Sync sync, int pid, String comm, String label) {
    this.sync = sync;
    this.pid = pid;
    this.comm = comm;
    this.label = label;
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
}
