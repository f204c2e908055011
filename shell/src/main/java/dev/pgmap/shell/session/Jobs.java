package dev.pgmap.shell.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The jobs of a session, by number. A job stays listed until it was waited for. Thread-safe. */
public final class Jobs {
  private final ConcurrentSkipListMap<Integer, Job> jobs = new ConcurrentSkipListMap<>();
  private final Set<Job> stages = ConcurrentHashMap.newKeySet();
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

  /** Starts a stage of a pipe, which is not listed; {@link #awaitStages} waits for it. */
  public Job startStage(String command, IntSupplier body) {
    Job job = new Job(0, 0, command, body);
    stages.add(job);
    job.start();
    return job;
  }

  /** Waits for the end of stages; false if the waiting thread is interrupted meanwhile. */
  public boolean awaitStages(List<Job> waitedFor) {
    try {
      waitedFor.forEach(Job::await);
      waitedFor.forEach(stages::remove);
      return true;
    } catch (CommandInterrupted e) {
      return false;
    }
  }

  /** Interrupts stages and waits for each a little; those inside the kernel are left there. */
  public void stopStages(List<Job> stopped, long millis) {
    stopped.forEach(Job::interrupt);
    stopped.forEach(job -> job.await(millis));
    stopped.forEach(stages::remove);
  }

  /** What the jobs and the stages of pipes run in that have not ended. */
  List<Thread> threads() {
    return Stream.concat(jobs.values().stream(), stages.stream())
        .filter(Job::isRunning)
        .map(Job::thread)
        .toList();
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
