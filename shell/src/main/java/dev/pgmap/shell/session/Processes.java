package dev.pgmap.shell.session;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;

/**
 * What runs on a machine without an address space of its own: shells and jobs, by pid. Thread-safe.
 */
public final class Processes {
  private final ConcurrentSkipListMap<Integer, String> commandLines = new ConcurrentSkipListMap<>();

  /** Runs a program that is listed as long as it runs; returns its exit code. */
  public int run(int pid, String commandLine, IntSupplier program) {
    enter(pid, commandLine);
    return runEntered(pid, program);
  }

  /** Lists a program that is about to be started. */
  public void enter(int pid, String commandLine) {
    commandLines.put(pid, commandLine);
  }

  /** Runs a program that is listed already, and strikes it off the list when it ends. */
  public int runEntered(int pid, IntSupplier program) {
    try {
      return program.getAsInt();
    } finally {
      commandLines.remove(pid);
    }
  }

  /** The command lines of those that run now, by pid. */
  public SortedMap<Integer, String> all() {
    return new TreeMap<>(commandLines);
  }
}
