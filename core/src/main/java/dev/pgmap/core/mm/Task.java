package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;

/**
 * {@code struct task_struct}: a process with an address space.
 *
 * <p>Thread-safe: any number of threads may run as it.
 */
public final class Task {
  private final String comm;
  private final Mm mm;

  private Task(String comm, Mm mm) {
    this.comm = comm;
    this.mm = mm;
  }

  /** A new task with an empty address space. */
  public static Task create(MmContext context, String comm) {
    return new Task(comm, new Mm(context, context.pids().getAsInt()));
  }

  /** Its process id. */
  public int pid() {
    return mm.pid();
  }

  /** Its command name. */
  public String comm() {
    return comm;
  }

  /** Its address space. */
  public Mm mm() {
    return mm;
  }

  /** Runs code as this task, so that what it does is attributed to it. */
  public void run(Runnable code) {
    mm.context().sync().runAs(comm, pid(), code);
  }

  /**
   * A child with a copy of the areas and of anonymous memory.
   *
   * <p>Pages of files are not copied: the child faults them afresh. Anonymous pages are copied at
   * once, not at the first write.
   *
   * @throws MmException ENOMEM; no child is left behind
   */
  public Task fork() {
    return new Task(comm, mm.fork(mm.context().pids().getAsInt()));
  }

  /** Ends the task: unmaps everything. A second call does nothing. */
  public void exit() {
    mm.exit();
  }

  @Override
  public String toString() {
    return comm + "[" + pid() + "]";
  }
}
