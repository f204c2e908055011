package dev.pgmap.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long threads stand still while recording is woven into the code that they run, and out. */
public final class TraceSwitchRun {
  private TraceSwitchRun() {}

  /** Options: {@code --rounds N} (3), {@code --threads N} (2), {@code --seconds N} (5). */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    int rounds;
    List<String> childOptions;
    try {
      options = Options.parse(List.of(args));
      rounds = options.number("rounds", 3);
      childOptions =
          List.of(
              "--threads", String.valueOf(options.number("threads", 2)),
              "--seconds", String.valueOf(options.number("seconds", 5)));
      options.rejectUnknown();
    } catch (IllegalArgumentException e) {
      System.err.println("switch: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.out.println("machine: " + Host.describe());
    System.out.println("longest that a thread stood still, ms; how long a switch took, ms");
    System.out.printf("%-12s %-12s %-8s %s%n", "undisturbed", "switching", "switches", "took");
    for (int i = 0; i < rounds; i++) {
      print(Child.run(Child.traced(TraceSwitch.class, childOptions)));
    }
    System.out.println("load average at the end: " + Host.loadAverage());
  }

  private static void print(List<String> output) {
    List<Double> switches = new ArrayList<>();
    for (String line : output) {
      String[] words = line.split(" ");
      if (words[0].equals("switch")) {
        switches.add(Double.valueOf(words[1]));
      } else if (words[0].equals("gap")) {
        System.out.printf(
            Locale.ROOT,
            "%-12s %-12s %-8d %s%n",
            words[1],
            words[2],
            switches.size(),
            Spread.of(switches));
      }
    }
  }
}
