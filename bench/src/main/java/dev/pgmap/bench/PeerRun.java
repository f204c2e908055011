package dev.pgmap.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Holds our pin and unpin against a peer in C, in turn, and prints times and ratios.
 *
 * <p>Each measurement is a process of its own. A row's time is the median over the rounds of each
 * process's median; the ratio is taken round by round, so that it holds when the machine's speed
 * drifts.
 */
public final class PeerRun {
  private static final String ROW = "%-5s %-5s %5s  %-6s %-22s  %-22s  %-22s  %s%n";

  private final PrintStream out;
  private final int rounds;

  private PeerRun(PrintStream out, int rounds) {
    this.out = out;
    this.rounds = rounds;
  }

  /**
   * Options: {@code --rounds N} (5), {@code --mib N} (1024), {@code --repeat N} (20), {@code
   * --vmemmap linear|shared} (linear), and lists of which rows to run: {@code --style
   * 5.10,6.1,7.2}, {@code --page 4K,2M,1G}, {@code --batch 1,512}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    List<PinCase> workloads;
    int rounds;
    try {
      options = Options.parse(List.of(args));
      rounds = options.number("rounds", 5);
      workloads = workloads(options);
      options.rejectUnknown();
    } catch (IllegalArgumentException e) {
      System.err.println("peer: " + e.getMessage());
      System.exit(2);
      return;
    }
    new PeerRun(System.out, rounds).run(workloads);
  }

  /** The rows of a table: each era, page size and batch that is asked for. */
  static List<PinCase> workloads(Options options) {
    List<String> eras = List.of(options.text("style", "5.10,6.1,7.2").split(","));
    List<String> sizes = List.of(options.text("page", "4K,2M,1G").split(","));
    List<String> batches = List.of(options.text("batch", "1,512").split(","));
    int mib = options.number("mib", 1024);
    int repeat = options.number("repeat", 20);
    boolean inDevice = options.text("vmemmap", "linear").equals("linear");
    List<PinCase> workloads = new ArrayList<>();
    for (String era : eras) {
      for (String size : sizes) {
        for (String batch : batches) {
          workloads.add(
              new PinCase(era, PageSize.of(size), Integer.parseInt(batch), mib, inDevice, repeat));
        }
      }
    }
    return workloads;
  }

  private void run(List<PinCase> workloads) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("pgmap-peer");
    try {
      Optional<Peer> peer = Peer.compile(directory);
      if (peer.isEmpty()) {
        out.println("peer: SKIPPED: there is no gcc on PATH, so there is nothing to compare with");
        return;
      }
      compare(workloads, peer.get());
    } finally {
      for (String name : List.of("peer", "peer.c")) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.delete(directory);
    }
  }

  private void compare(List<PinCase> workloads, Peer peer)
      throws IOException, InterruptedException {
    out.println("machine: " + Host.describe());
    out.println("java:    " + Runtime.version() + ", SerialGC");
    out.println("peer:    " + peer.compiler() + ", -O2");
    PinCase first = workloads.getFirst();
    out.printf(
        "%d MiB, %s vmemmap, %d rounds of %d repeats; ns per page, median (least..greatest)%n%n",
        first.mib(), first.inDevice() ? "linear" : "shared", rounds, first.repeat());
    out.printf(ROW, "era", "page", "batch", "", "ours", "peer", "ratio", "target");
    for (PinCase workload : workloads) {
      Comparison result = Comparison.run(workload, peer, rounds);
      print(workload, "pin", result.pin(), Target.ofPin(workload));
      print(workload, "unpin", result.unpin(), Target.ofUnpin(workload));
    }
    out.println();
    out.println("load average at the end: " + Host.loadAverage());
  }

  private void print(PinCase workload, String what, Comparison.Side side, Optional<Target> target) {
    double ratio = side.ratio().median();
    out.printf(
        Locale.ROOT,
        ROW,
        workload.era(),
        workload.size().label(),
        workload.batch(),
        what,
        side.ours(),
        side.peer(),
        side.ratio(),
        target.map(t -> t.verdict(ratio)).orElse("-"));
    out.flush();
  }
}
