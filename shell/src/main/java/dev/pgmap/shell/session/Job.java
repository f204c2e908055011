package dev.pgmap.shell.session;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** A command that runs beside the console, in a thread of its own. Thread-safe. */
public final class Job {
  private final int number;
  private final int pid;
  private final String command;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int status;

  Job(int number, int pid, String command, IntSupplier body) {
    this.number = number;
    this.pid = pid;
    this.command = command;
    this.thread = Thread.ofPlatform().daemon().name("job-" + number).unstarted(() -> run(body));
  }

  private void run(IntSupplier body) {
    int result = Exit.FAILED;
    try {
      result = body.getAsInt();
    } finally {
      status = result;
      ended.countDown();
    }
  }

  void start() {
    thread.start();
  }

  /** What it runs in. */
  Thread thread() {
    return thread;
  }

  /** Its number, as in {@code %1}. */
  public int number() {
    return number;
  }

  /** Its process id, as in {@code $!}. */
  public int pid() {
    return pid;
  }

  /** What was typed. */
  public String command() {
    return command;
  }

  /** Whether it has not ended yet. */
  public boolean isRunning() {
    return ended.getCount() != 0;
  }

  /** Its exit code; 0 while it runs. */
  public int status() {
    return status;
  }

  /** Interrupts it. What waits inside the kernel for pages to be dropped does not notice. */
  public void interrupt() {
    thread.interrupt();
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   * @throws CommandInterrupted if the waiting thread is interrupted
   */
  public int await() {
    try {
      ended.await();
      return status;
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    }
  }

  /** Waits for its end for at most that long; tells whether it has ended. */
  public boolean await(long millis) {
    try {
      return ended.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    }
  }

  @Override
  public String toString() {
    String state = isRunning() ? "Running" : status == 0 ? "Done" : "Exit " + status;
    return "[%d]  %-10s %s".formatted(number, state, command);
  }
}
