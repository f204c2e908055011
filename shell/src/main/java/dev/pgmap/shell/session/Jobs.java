package dev.pgmap.shell.session;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** The jobs of a session, by number. A job stays listed until it was waited for. Thread-safe. */
public final class Jobs {
  private final ConcurrentSkipListMap<Integer, Job> jobs = new ConcurrentSkipListMap<>();
  private final AtomicInteger nextNumber = new AtomicInteger(1);

  /** Starts a job. */
  public Job start(int pid, String command, IntSupplier body) {
    Job job = new Job(nextNumber.getAndIncrement(), pid, command, body);
    jobs.put(job.number(), job);
    job.start();
    return job;
  }

  /**
   * Starts a command that somebody waits for: it is listed only if it is {@link #adopt adopted}.
   */
  public Job startInForeground(String command, IntSupplier body) {
    Job job = new Job(0, 0, command, body);
    job.start();
    return job;
  }

  /** Lists a command that nobody waits for any more, under a number of its own. */
  public Job adopt(int pid, Job foreground) {
    return start(pid, foreground.command(), foreground::await);
  }

  /** All jobs that nobody has waited for yet. */
  public List<Job> all() {
    return List.copyOf(jobs.values());
  }

  /** Those that run. */
  public List<Job> running() {
    return jobs.values().stream().filter(Job::isRunning).toList();
  }

  /** Forgets a job. */
  public void forget(Job job) {
    jobs.remove(job.number());
  }

  /**
   * The job that {@code %N} or a pid names.
   *
   * @throws CommandException if there is none
   */
  public Job named(String name) {
    boolean byNumber = name.startsWith("%");
    String digits = byNumber ? name.substring(1) : name;
    for (Job job : all()) {
      if (digits.equals(Integer.toString(byNumber ? job.number() : job.pid()))) {
        return job;
      }
    }
    throw CommandException.badValue("job", name, "%N or a pid of one of " + numbers());
  }

  private List<String> numbers() {
    return all().stream().map(job -> "%" + job.number()).toList();
  }

  /** Interrupts all that run and waits for them a little; returns those that still run. */
  public List<Job> stop(long millis) {
    running().forEach(Job::interrupt);
    long deadline = System.nanoTime() + millis * 1_000_000;
    for (Job job : running()) {
      job.await(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    }
    return running();
  }
}
