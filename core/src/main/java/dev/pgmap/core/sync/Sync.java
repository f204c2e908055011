package dev.pgmap.core.sync;

/**
 * What a machine needs to order itself: its simulated cpus, RCU and the clock.
 *
 * <p>A simulated cpu is a number below {@link #nrCpus}; a thread runs on the one that its id maps
 * to, so several threads may share a cpu, as they do on a real machine. Thread-safe.
 */
public final class Sync {
  private final int nrCpus;
  private final Clock clock = new Clock();
  private final Rcu rcu;
  private final ScopedValue<String> task = ScopedValue.newInstance();

  /**
   * A machine of that many cpus.
   *
   * @throws IllegalArgumentException if there is not at least one
   */
  public Sync(int nrCpus) {
    if (nrCpus < 1) {
      throw new IllegalArgumentException("cpus: " + nrCpus + ", expected at least 1");
    }
    this.nrCpus = nrCpus;
    this.rcu = new Rcu(this);
  }

  /** Number of simulated cpus. */
  public int nrCpus() {
    return nrCpus;
  }

  /** The simulated cpu that the calling thread runs on, from 0. */
  public int cpu() {
    return (int) (Thread.currentThread().threadId() % nrCpus);
  }

  /**
   * Runs code as a task, so that what it does can be attributed ({@code current}).
   *
   * @param name such as {@code gup_test[104]}
   */
  public void runAs(String name, Runnable code) {
    ScopedValue.where(task, name).run(code);
  }

  /** The task that the calling thread runs as; {@code kernel} outside of any. */
  public String currentTask() {
    return task.orElse("kernel");
  }

  /** The machine's read-copy-update domain. */
  public Rcu rcu() {
    return rcu;
  }

  /** The machine's clock. */
  public Clock clock() {
    return clock;
  }
}
