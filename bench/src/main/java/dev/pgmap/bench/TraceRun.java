package dev.pgmap.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What tracing costs: the same workload in each {@link TraceState}, state after state, round by
 * round, each in a process of its own.
 */
public final class TraceRun {
  private static final String ROW = "%-5s %-8s %-24s %-7s %-24s %s%n";

  private final PrintStream out;
  private final int rounds;
  private final int repeat;

  private TraceRun(PrintStream out, int rounds, int repeat) {
    this.out = out;
    this.rounds = rounds;
    this.repeat = repeat;
  }

  /** Options: {@code --rounds N} (5), {@code --repeat N} (40), {@code --state LIST}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    TraceRun run;
    List<TraceState> states = new ArrayList<>();
    try {
      options = Options.parse(List.of(args));
      run = new TraceRun(System.out, options.number("rounds", 5), options.number("repeat", 40));
      for (String label :
          options.text("state", "never,off,paused,counter,mixed,mono,local").split(",")) {
        states.add(TraceState.of(label));
      }
      options.rejectUnknown();
    } catch (IllegalArgumentException e) {
      System.err.println("trace: " + e.getMessage());
      System.exit(2);
      return;
    }
    run.run(states);
  }

  private void run(List<TraceState> states) throws IOException, InterruptedException {
    out.println("machine: " + Host.describe());
    out.println("java:    " + Runtime.version() + ", SerialGC");
    out.printf(
        "64 MiB of 4 KiB pages, era 6.1, %d rounds of %d repeats; median (least..greatest)%n%n",
        rounds, repeat);
    out.printf(ROW, "work", "state", "ns per page", "events", "ns per event", "ratio to never");
    for (String work : List.of("refs", "pins")) {
      compare(work, states);
    }
    out.println();
    out.println("load average at the end: " + Host.loadAverage());
  }

  private void compare(String work, List<TraceState> states)
      throws IOException, InterruptedException {
    Map<TraceState, List<Times>> times = new EnumMap<>(TraceState.class);
    for (int i = 0; i < rounds; i++) {
      for (TraceState state : states) {
        times.computeIfAbsent(state, s -> new ArrayList<>()).add(measure(work, state));
      }
    }
    List<Times> bare = times.getOrDefault(TraceState.NEVER, List.of());
    times.forEach((state, rows) -> print(work, state, rows, bare));
  }

  private void print(String work, TraceState state, List<Times> rows, List<Times> bare) {
    List<Double> events = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(rows.size(), bare.size()); i++) {
      Times row = rows.get(i);
      ratios.add(row.nanos() / bare.get(i).nanos());
      if (state.records()) {
        events.add((row.nanos() - bare.get(i).nanos()) / row.events());
      }
    }
    out.printf(
        Locale.ROOT,
        ROW,
        work,
        state.label(),
        Spread.of(rows.stream().map(Times::nanos).toList()),
        "%.2f".formatted(rows.getFirst().events()),
        events.isEmpty() ? "-" : Spread.of(events).toString(),
        ratios.isEmpty() ? "-" : Spread.of(ratios).toString());
    out.flush();
  }

  private Times measure(String work, TraceState state) throws IOException, InterruptedException {
    List<String> options =
        List.of("--work", work, "--state", state.label(), "--repeat", String.valueOf(repeat));
    List<String> command =
        state.hasAgent()
            ? Child.traced(TraceCost.class, options)
            : Child.java(TraceCost.class, options);
    return Times.median(Child.run(command));
  }

  /**
   * What one process measured.
   *
   * @param nanos per page
   * @param events recorded per page
   */
  private record Times(double nanos, double events) {
    static Times median(List<String> output) {
      List<String[]> lines =
          output.stream()
              .filter(line -> line.startsWith("time "))
              .map(line -> line.split(" "))
              .toList();
      return new Times(
          Spread.of(lines.stream().map(words -> Double.valueOf(words[1])).toList()).median(),
          Spread.of(lines.stream().map(words -> Double.valueOf(words[2])).toList()).median());
    }
  }
}
