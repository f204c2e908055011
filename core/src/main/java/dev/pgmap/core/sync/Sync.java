package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a machine needs to order itself: its simulated cpus, RCU and the clock.
 *
 * <p>A simulated cpu is a number below {@link #nrCpus}; a thread runs on the one that its id maps
 * to, so several threads may share a cpu, as they do on a real machine. Thread-safe.
 */
public final class Sync {
  private static final RunningTasks RUNNING = new RunningTasks();
  private static final int FIRST_COMMAND_PID = 10_001;

  private final int nrCpus;
  private final AtomicInteger commandPids = new AtomicInteger(FIRST_COMMAND_PID);
  private final Clock clock = new Clock();
  private final Rcu rcu;
  private final VarWaits varWaits = new VarWaits();

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

  /** Runs code as a task with an address space, so that what it does can be attributed to it. */
  public void runAs(String comm, int pid, Runnable code) {
    run(new CurrentTask(this, pid, comm, comm + "[" + pid + "]"), code);
  }

  /** Runs code as a command that needs no address space; it gets a pid of its own all the same. */
  public void runAs(String comm, Runnable code) {
    run(new CurrentTask(this, commandPids.getAndIncrement(), comm, comm), code);
  }

  private static void run(CurrentTask task, Runnable code) {
    CurrentTask outer = RUNNING.current();
    RUNNING.set(task);
    try {
      code.run();
    } finally {
      RUNNING.set(outer);
    }
  }

  /** The task that the calling thread runs as, of whichever machine; null outside of any. */
  public static @Nullable CurrentTask current() {
    return RUNNING.current();
  }

  /** What messages call the task that the calling thread runs as; {@code kernel} outside of any. */
  public String currentTask() {
    CurrentTask task = current();
    return task != null && task.sync() == this ? task.label() : "kernel";
  }

  /** Lets others go first ({@code cond_resched}); for who tries again what another is at. */
  public void reschedule() {
    Thread.yield();
  }

  /** The machine's read-copy-update domain. */
  public Rcu rcu() {
    return rcu;
  }

  /** Where those sleep who wait for a page, named by its pfn. */
  public VarWaits varWaits() {
    return varWaits;
  }

  /** The machine's clock. */
  public Clock clock() {
    return clock;
  }
}
