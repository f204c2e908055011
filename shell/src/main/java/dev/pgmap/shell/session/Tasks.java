package dev.pgmap.shell.session;

import dev.pgmap.core.mm.Task;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** The tasks that live now, by pid: what {@code ps} shows. Thread-safe. */
public final class Tasks {
  private final ConcurrentSkipListMap<Integer, Task> live = new ConcurrentSkipListMap<>();

  /** Adds a task. */
  public void add(Task task) {
    live.put(task.pid(), task);
  }

  /** Ends a task, which gives up what it has mapped itself, and forgets it. */
  public void exit(Task task) {
    try {
      task.run(task::exit);
    } finally {
      live.remove(task.pid());
    }
  }

  /** The tasks by pid. */
  public List<Task> all() {
    return List.copyOf(live.values());
  }

  /** Runs a program as a task of its own, which ends with it, however that ends. */
  public int run(Task task, Function<Task, Integer> program) {
    add(task);
    int[] status = {Exit.FAILED};
    try {
      task.run(() -> status[0] = program.apply(task));
    } finally {
      exit(task);
    }
    return status[0];
  }
}
