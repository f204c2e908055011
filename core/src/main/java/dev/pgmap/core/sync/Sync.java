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

  /** The machine's read-copy-update domain. */
  public Rcu rcu() {
    return rcu;
  }

  /** The machine's clock. */
  public Clock clock() {
    return clock;
  }
}
