package dev.pgmap.bench;

import dev.pgmap.trace.write.Compression;
import dev.pgmap.trace.write.TraceDatWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds who holds what in a recording on disk, and prints seconds: the ledger alone, in a JVM that
 * has just begun and in one that is warm, and the whole command.
 */
public final class LeaksRun {
  private static final double MOST_SECONDS_FOR_A_MILLION = 0.5;
  private static final int WARM_UP_PASSES = 5;
  private static final int PASSES = 11;
  private static final Pattern PASS = Pattern.compile("changes (\\d+) nanos (\\d+) groups \\d+");
  private static final String ROW = "%-9s  %-18s  %-18s  %-18s  %s%n";

  private final int rounds;
  private final int nrEvents;
  private final String launcher;

  private LeaksRun(int rounds, int nrEvents, String launcher) {
    this.rounds = rounds;
    this.nrEvents = nrEvents;
    this.launcher = launcher;
  }

  /**
   * Options: {@code --rounds N} (5), {@code --events N} (1,000,000) and {@code --launcher FILE},
   * the command to time; none if empty.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(List.of(args));
    LeaksRun run =
        new LeaksRun(
            options.number("rounds", 5),
            options.number("events", 1_000_000),
            options.text("launcher", ""));
    options.rejectUnknown();
    Path directory = Files.createTempDirectory("pgmap-leaks");
    try {
      run.run(directory);
    } finally {
      for (String label : writers().keySet()) {
        Files.deleteIfExists(file(directory, label));
      }
      Files.delete(directory);
    }
  }

  private static Map<String, TraceDatWriter> writers() {
    Map<String, TraceDatWriter> writers = new LinkedHashMap<>();
    writers.put("v6", TraceDatWriter.v6());
    writers.put("v7, zstd", TraceDatWriter.v7(Compression.ZSTD));
    return writers;
  }

  private static Path file(Path directory, String label) {
    return directory.resolve(label.replaceAll("\\W+", "-") + ".dat");
  }

  private void run(Path directory) throws IOException, InterruptedException {
    System.out.println("machine: " + Host.describe());
    System.out.println("java:    " + Runtime.version() + ", SerialGC, -Xmx1g");
    System.out.printf(
        "%d page_ref events, %d rounds, seconds, median (least..greatest)%n%n", nrEvents, rounds);
    System.out.printf(ROW, "file", "first pass", "warmed up", "whole command", "target");
    for (Map.Entry<String, TraceDatWriter> writer : writers().entrySet()) {
      Path file = file(directory, writer.getKey());
      try (MadeRecording recording = new MadeRecording(nrEvents)) {
        writer.getValue().write(recording, file);
      }
      print(writer.getKey(), file);
    }
    System.out.println();
    System.out.println("load average at the end: " + Host.loadAverage());
  }

  private void print(String label, Path file) throws IOException, InterruptedException {
    List<Double> first = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    List<Double> command = new ArrayList<>();
    boolean timed = !launcher.isEmpty();
    if (timed) {
      // It may have to be built first.
      commandSeconds(file);
    }
    for (int i = 0; i < rounds; i++) {
      List<Double> passes = passes(file);
      first.add(passes.getFirst());
      warm.add(Spread.of(passes.subList(WARM_UP_PASSES, PASSES)).median());
      if (timed) {
        command.add(commandSeconds(file));
      }
    }
    double most = MOST_SECONDS_FOR_A_MILLION * nrEvents / 1e6;
    System.out.printf(
        Locale.ROOT,
        ROW,
        label,
        Spread.of(first),
        Spread.of(warm),
        timed ? Spread.of(command) : "-",
        "%s (at most %.2f, warmed up)"
            .formatted(Spread.of(warm).median() <= most ? "met" : "NOT MET", most));
  }

  private List<Double> passes(Path file) throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (String line : Child.run(LeaksCase.command(file, PASSES))) {
      Matcher pass = PASS.matcher(line);
      if (!pass.matches() || Integer.parseInt(pass.group(1)) != nrEvents) {
        throw new IllegalStateException("'%s', expected %d changes".formatted(line, nrEvents));
      }
      seconds.add(Long.parseLong(pass.group(2)) / 1e9);
    }
    return seconds;
  }

  private double commandSeconds(Path file) throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder(launcher, "trace", "leaks", file.toString());
    command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long began = System.nanoTime();
    int status = command.start().waitFor();
    // 0: nothing outstanding, 1: something is.
    if (status > 1) {
      throw new IllegalStateException("%s trace leaks: exit %d".formatted(launcher, status));
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
