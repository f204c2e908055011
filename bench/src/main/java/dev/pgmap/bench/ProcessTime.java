package dev.pgmap.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What whole processes take, their start included. */
final class ProcessTime {
  /** Standard output goes nowhere, errors come before the line with the times. */
  private static final String TIMED = "TIMEFORMAT='%U %S'; time \"$@\" >/dev/null";

  private ProcessTime() {}

  /**
   * Runs a command to its end and drops what it prints.
   *
   * @return seconds of cpu time of all its threads, in user and kernel mode
   * @throws IllegalStateException if it fails
   */
  static double cpuSeconds(List<String> command) throws IOException, InterruptedException {
    List<String> timed = new ArrayList<>(List.of("bash", "-c", TIMED, "bash"));
    timed.addAll(command);
    return parse(Child.run(timed).getLast());
  }

  static double parse(String line) {
    String[] seconds = line.split(" ");
    if (seconds.length != 2) {
      throw new IllegalStateException("'%s', expected user and system time".formatted(line));
    }
    return Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1]);
  }
}
