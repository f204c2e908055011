package dev.pgmap.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings terabytes online, a process each, and prints seconds and peak memory against targets.
 *
 * <p>Memory is given twice: the most that the whole process had, and how much of it came with the
 * device. Targets are for the latter; a JVM that does nothing has about 40 MiB.
 */
public final class OnlineRun {
  private static final double GIB = 1L << 30;
  private static final double MIB = 1L << 20;
  private static final Pattern RESULT =
      Pattern.compile("online (\\d+) offline (\\d+) before (\\d+) peak (\\d+)");
  private static final String ROW = "%-6s %-5s  %-20s  %-20s  %-12s  %-11s  %s%n";

  /**
   * What is brought online, and what it may take.
   *
   * @param mostSeconds for bringing it online
   * @param mostBytes of memory that comes with it
   */
  private record Device(int gib, PageSize size, double mostSeconds, double mostBytes) {
    String target() {
      return mostSeconds == Double.MAX_VALUE
          ? "works"
          : String.format(Locale.ROOT, "under %.0f s and %.0f MiB", mostSeconds, mostBytes / MIB);
    }
  }

  private static final List<Device> DEVICES =
      List.of(
          new Device(1024, PageSize.SIZE_2M, 15, 4.5 * GIB),
          new Device(1024, PageSize.SIZE_1G, 1, 64 * MIB),
          new Device(16 * 1024, PageSize.SIZE_1G, Double.MAX_VALUE, Double.MAX_VALUE));

  private OnlineRun() {}

  /** Options: {@code --rounds N} (3) and {@code --style ERA} (7.2). */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(List.of(args));
    int rounds = options.number("rounds", 3);
    String era = options.text("style", "7.2");
    options.rejectUnknown();
    System.out.println("machine: " + Host.describe());
    System.out.println("java:    " + Runtime.version() + ", SerialGC, -Xmx1g");
    System.out.printf("era %s, %d rounds, median (least..greatest)%n%n", era, rounds);
    System.out.printf(
        ROW, "device", "page", "online, s", "offline, s", "process, MiB", "device, MiB", "target");
    for (Device device : DEVICES) {
      print(device, measure(device, era, rounds));
    }
  }

  private static List<Matcher> measure(Device device, String era, int rounds)
      throws IOException, InterruptedException {
    List<String> options =
        List.of("--gib", String.valueOf(device.gib), "--page", device.size.label(), "--style", era);
    List<Matcher> results = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<String> output = Child.run(Child.java(OnlineCase.class, options));
      Matcher result = RESULT.matcher(output.getLast());
      if (!result.matches()) {
        throw new IllegalStateException(String.join(System.lineSeparator(), output));
      }
      results.add(result);
    }
    return results;
  }

  private static void print(Device device, List<Matcher> results) {
    Spread online = spread(results, 1, 1e9);
    Spread peak = spread(results, 4, 1);
    double before = spread(results, 3, 1).median();
    double own = peak.median() - before;
    boolean met = online.median() <= device.mostSeconds && own <= device.mostBytes;
    System.out.printf(
        Locale.ROOT,
        ROW,
        device.gib / 1024 + " TiB",
        device.size.label(),
        online,
        spread(results, 2, 1e9),
        String.format(Locale.ROOT, "%.0f", peak.median() / MIB),
        String.format(Locale.ROOT, "%.0f", own / MIB),
        (met ? "met: " : "NOT MET: ") + device.target());
  }

  private static Spread spread(List<Matcher> results, int group, double unit) {
    return Spread.of(
        results.stream().map(result -> Double.parseDouble(result.group(group)) / unit).toList());
  }
}
