package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct task_struct}: a process with an address space.
 *
 * <p>Thread-safe: any number of threads may run as it.
 */
public final class Task {
  private final String comm;
  private final Mm mm;
  private final AtomicReference<@Nullable SigInfo> pendingSignal = new AtomicReference<>();
  private volatile boolean killedEarly;

  private Task(String comm, MmContext context) {
    this.comm = comm;
    this.mm = new Mm(context, context.pids().getAsInt(), this);
  }

  /** A new task with an empty address space. */
  public static Task create(MmContext context, String comm) {
    return new Task(comm, context);
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
   * A child with a copy of the areas. Private pages are shared until one of the two writes; pages
   * of files are left for the child to fault in.
   *
   * @throws MmException ENOMEM; no child is left behind
   */
  public Task fork() {
    Task child = new Task(comm, mm.context());
    mm.copyTo(child.mm);
    child.killedEarly = killedEarly;
    return child;
  }

  /**
   * Asks to be told of every memory failure in a page that it maps, or no longer ({@code
   * PR_MCE_KILL_EARLY} and {@code _LATE}). Off at first; a child inherits it.
   */
  public void setKilledEarly(boolean early) {
    killedEarly = early;
  }

  /** Whether it asked to be told early. */
  public boolean isKilledEarly() {
    return killedEarly;
  }

  /**
   * Sends it a SIGBUS ({@code force_sig_mceerr}, {@code send_sig_mceerr}). As in a kernel, one that
   * is pending already stays the only one.
   */
  public void send(SigInfo info) {
    pendingSignal.compareAndSet(null, info);
  }

  /**
   * Takes the signal that is pending, as a handler would get it. Whoever runs a program as this
   * task asks after each call that can be hit by a memory failure; nothing else acts on a signal.
   */
  public @Nullable SigInfo takeSignal() {
    return pendingSignal.getAndSet(null);
  }

  /** Ends the task, which itself unmaps everything. A second call does nothing. */
  public void exit() {
    run(mm::exit);
  }

  @Override
  public String toString() {
    return comm + "[" + pid() + "]";
  }
}
