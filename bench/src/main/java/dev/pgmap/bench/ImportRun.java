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
import java.util.stream.Stream;

/**
 * Reads one recording by our reader and by {@code trace-cmd report}, in turn, and prints events a
 * second and ratios.
 *
 * <p>Each measurement is a process of its own, and the ratio is that of whole processes, taken
 * round by round. What a thread of ours does in a second is told apart, for a first pass and for
 * one after a warm-up.
 */
public final class ImportRun {
  private static final double MILLIONS_WANTED = 5;
  private static final int WARM_UP_PASSES = 3;
  private static final int PASSES = 8;
  private static final Pattern PASS = Pattern.compile("events (\\d+) nanos (\\d+) sum \\w+");
  private static final String SPEED_ROW = "%-9s  %-22s  %-22s  %s%n";

  private final int rounds;
  private final long nrEvents;

  private ImportRun(int rounds, long nrEvents) {
    this.rounds = rounds;
    this.nrEvents = nrEvents;
  }

  /** Options: {@code --rounds N} (5) and {@code --events N} (5,000,000). */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(List.of(args));
    ImportRun run = new ImportRun(options.number("rounds", 5), options.number("events", 5_000_000));
    options.rejectUnknown();
    Path directory = Files.createTempDirectory("pgmap-import");
    try {
      run.run(directory);
    } finally {
      try (Stream<Path> left = Files.list(directory)) {
        left.forEach(file -> file.toFile().delete());
      }
      Files.delete(directory);
    }
  }

  private void run(Path directory) throws IOException, InterruptedException {
    System.out.println("machine: " + Host.describe());
    System.out.println("java:    " + Runtime.version() + ", SerialGC, -Xmx1g");
    System.out.printf(
        "%d page_ref events, %d rounds, median (least..greatest)%n", nrEvents, rounds);
    Map<String, Path> files = write(directory);
    printSpeeds(files);
    comparePeer(files);
    System.out.println();
    System.out.println("load average at the end: " + Host.loadAverage());
  }

  private void comparePeer(Map<String, Path> files) throws IOException, InterruptedException {
    if (!ImportPeer.isThere()) {
      System.out.println("SKIPPED: there is no trace-cmd on PATH, so nothing to compare with");
      return;
    }
    ImportPeer peer = new ImportPeer(rounds);
    peer.printHead();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      peer.print(file.getKey(), file.getValue());
    }
  }

  private Map<String, Path> write(Path directory) {
    Map<String, TraceDatWriter> writers = new LinkedHashMap<>();
    writers.put("v6", TraceDatWriter.v6());
    writers.put("v7, zlib", TraceDatWriter.v7(Compression.ZLIB));
    writers.put("v7, zstd", TraceDatWriter.v7(Compression.ZSTD));
    Map<String, Path> files = new LinkedHashMap<>();
    writers.forEach((label, writer) -> {
      Path file = directory.resolve(label.replaceAll("\\W+", "-") + ".dat");
      try (MadeRecording recording = new MadeRecording(nrEvents)) {
        writer.write(recording, file);
      }
      files.put(label, file);
    });
    return files;
  }

  private void printSpeeds(Map<String, Path> files) throws IOException, InterruptedException {
    System.out.printf("%nmillions of events a second of cpu time, all numbers read%n%n");
    System.out.printf(SPEED_ROW, "file", "first pass", "warmed up", "target");
    for (Map.Entry<String, Path> file : files.entrySet()) {
      List<Double> first = new ArrayList<>();
      List<Double> warm = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        List<Double> passes = passes(file.getValue());
        first.add(passes.getFirst());
        warm.add(Spread.of(passes.subList(WARM_UP_PASSES, PASSES)).median());
      }
      boolean met = Spread.of(warm).median() >= MILLIONS_WANTED;
      System.out.printf(
          Locale.ROOT,
          SPEED_ROW,
          file.getKey(),
          Spread.of(first),
          Spread.of(warm),
          verdict(met, MILLIONS_WANTED));
    }
  }

  /** Millions of events a second, pass by pass. */
  private List<Double> passes(Path file) throws IOException, InterruptedException {
    List<Double> speeds = new ArrayList<>();
    for (String line : Child.run(ImportCase.command(file, ImportCase.Work.DECODE, PASSES))) {
      Matcher pass = PASS.matcher(line);
      if (pass.matches()) {
        if (Long.parseLong(pass.group(1)) != nrEvents) {
          throw new IllegalStateException("'%s', expected %d events".formatted(line, nrEvents));
        }
        speeds.add(nrEvents * 1e3 / Long.parseLong(pass.group(2)));
      }
    }
    return speeds;
  }

  static String verdict(boolean met, double wanted) {
    return String.format(Locale.ROOT, "%s (at least %.0f)", met ? "met" : "NOT MET", wanted);
  }
}
