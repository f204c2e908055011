package dev.pgmap.bench;

import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.read.TraceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Makes the ledger of a recording some times, in a process of its own, and prints for each time
 * {@code changes N nanos NS groups G}: the time on the clock, from opening the file to the report.
 */
public final class LeaksCase {
  private LeaksCase() {}

  /** The command that does that so many times. */
  static List<String> command(Path file, int passes) {
    return Child.java(
        LeaksCase.class, List.of("--file", file.toString(), "--passes", String.valueOf(passes)));
  }

  /** Options: {@code --file FILE} and {@code --passes N}. */
  public static void main(String[] args) {
    Options options = Options.parse(List.of(args));
    Path file = Path.of(options.text("file", ""));
    int passes = options.number("passes", 1);
    options.rejectUnknown();
    for (int i = 0; i < passes; i++) {
      pass(file);
    }
  }

  private static void pass(Path file) {
    long began = System.nanoTime();
    LedgerReport report;
    try (TraceFiles.Opened opened = TraceFiles.open(file)) {
      report = PageLedger.of(opened.source(), LedgerOptions.standard()).report();
    }
    long nanos = System.nanoTime() - began;
    System.out.printf(
        Locale.ROOT,
        "changes %d nanos %d groups %d%n",
        report.summary().changes(),
        nanos,
        report.groups().size());
  }
}
