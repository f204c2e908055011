package dev.pgmap.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Holds our reading of a recording against {@code trace-cmd report}'s, in turn; whole processes.
 *
 * <p>The report prints what it reads, and our decoding does not, so two rows more are fair to both:
 * the report with a filter that lets nothing through prints nothing, and our text prints the same.
 */
final class ImportPeer {
  private static final double RATIO_WANTED = 10;
  private static final String ROW = "%-9s  %-26s  %-20s  %-20s  %-20s  %s%n";

  /** Matches no event of a {@link MadeRecording}. */
  private static final String NOTHING = "page_ref_mod: pfn == 1";

  private final int rounds;

  ImportPeer(int rounds) {
    this.rounds = rounds;
  }

  /** Whether there is a trace-cmd to compare with. */
  static boolean isThere() throws IOException, InterruptedException {
    return succeeds("command -v trace-cmd");
  }

  private static boolean succeeds(String script) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", script)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  void printHead() {
    System.out.printf("%nseconds of cpu time of a whole process; ratio: trace-cmd's to ours%n%n");
    System.out.printf(ROW, "file", "ours, trace-cmd", "ours", "trace-cmd", "ratio", "target");
  }

  void print(String label, Path file) throws IOException, InterruptedException {
    if (!succeeds("trace-cmd dump --summary -i '" + file + "'")) {
      System.out.printf("%-9s  SKIPPED: this trace-cmd cannot read it%n", label);
      return;
    }
    List<String> report = List.of("trace-cmd", "report", "-i", file.toString());
    List<String> filter = List.of("trace-cmd", "report", "-F", NOTHING, "-i", file.toString());
    List<String> decode = ImportCase.command(file, ImportCase.Work.DECODE, 1);
    List<String> text = ImportCase.command(file, ImportCase.Work.TEXT, 1);
    print(label, "decode, report", decode, report, RATIO_WANTED);
    print(label, "decode, report -F nothing", decode, filter, 0);
    print(label, "text, report", text, report, 0);
  }

  private void print(
      String label, String what, List<String> ours, List<String> theirs, double wanted)
      throws IOException, InterruptedException {
    List<Double> our = new ArrayList<>();
    List<Double> their = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      our.add(ProcessTime.cpuSeconds(ours));
      their.add(ProcessTime.cpuSeconds(theirs));
      ratios.add(their.getLast() / our.getLast());
    }
    Spread ratio = Spread.of(ratios);
    System.out.printf(
        Locale.ROOT,
        ROW,
        label,
        what,
        Spread.of(our),
        Spread.of(their),
        ratio,
        wanted == 0 ? "-" : ImportRun.verdict(ratio.median() >= wanted, wanted));
  }
}
