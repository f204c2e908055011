package dev.pgmap.shell.experiment;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.LineCounter.Medium;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seed 2's experiment: gup_test on a 2 MiB-aligned device, with base pages, with compound pages,
 * and as kernels do it today; struct pages in RAM and in the device.
 *
 * <p>It types the commands that a person would type, and shows them.
 */
final class CompoundDevmap {
  /** The sizes of one run of the series, with room for the info block and the altmap. */
  record Size(long ramMib, long altmapMib, long ramNamespaceMib, long altmapNamespaceMib) {
    long mib(boolean altmap) {
      return altmap ? altmapMib : ramMib;
    }

    long namespaceMib(boolean altmap) {
      return altmap ? altmapNamespaceMib : ramNamespaceMib;
    }
  }

  static final Size SMALL = new Size(16_384, 16_384, 16_400, 16_768);
  static final Size LARGE = new Size(129_022, 127_004, 129_024, 129_024);

  private static final List<Era> ERAS = List.of(Era.V5_10, Era.V5_17, Era.V7_2);
  private static final String FILE = "/dev/dax0.0";
  private static final int PAGES_PER_CALL = 512;
  private static final Pattern TIMES = Pattern.compile("get:(\\d+) put:(\\d+) us");

  private final Console console;
  private final int repeats;

  CompoundDevmap(Console console, int repeats) {
    this.console = console;
    this.repeats = repeats;
  }

  List<Measurement> run(Size size) {
    List<Measurement> rows = new ArrayList<>();
    for (boolean altmap : new boolean[] {false, true}) {
      for (Era era : ERAS) {
        rows.add(measure(era, altmap, size));
      }
    }
    return rows;
  }

  private Measurement measure(Era era, boolean altmap, Size size) {
    long mib = size.mib(altmap);
    type("era", era.name());
    type(
        ("ndctl create-namespace -m devdax -a 2M -M %s -s %dM")
            .formatted(altmap ? "dev" : "mem", size.namespaceMib(altmap))
            .split(" "));
    List<long[]> times = gupTest(mib);
    LineCount.Counted lines = countLines(mib, altmap);
    type("ndctl", "destroy-namespace", "-f", "namespace0.0");
    return new Measurement(
        era.name(),
        altmap,
        mib,
        times.stream().mapToLong(t -> t[0]).toArray(),
        times.stream().mapToLong(t -> t[1]).toArray(),
        lines.get(),
        lines.put());
  }

  private List<long[]> gupTest(long mib) {
    String line =
        "gup_test -f %s -m %d -r %d -S -a -n %d -w".formatted(FILE, mib, repeats, PAGES_PER_CALL);
    String printed = type(line.split(" "));
    List<long[]> times = new ArrayList<>();
    Matcher matcher = TIMES.matcher(printed);
    while (matcher.find()) {
      times.add(new long[] {Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))});
    }
    if (times.size() != repeats || printed.contains("truncated")) {
      throw new CommandException(
          Exit.FAILED,
          "experiment: gup_test printed %d complete times, expected %d"
              .formatted(times.size(), repeats));
    }
    return times;
  }

  private LineCount.Counted countLines(long mib, boolean altmap) {
    List<LineCount.Counted> counted = new ArrayList<>();
    console.runAsTask(
        "line-count",
        task -> {
          counted.add(
              LineCount.of(
                  console.machine(),
                  task,
                  FILE,
                  mib << 20,
                  PAGES_PER_CALL,
                  altmap ? Medium.PMEM : Medium.DRAM));
          return Exit.OK;
        });
    return counted.getFirst();
  }

  /** Shows and runs a command; returns what it printed. */
  private String type(String... words) {
    String line = String.join(" ", words);
    StringWriter printed = new StringWriter();
    console.err().println("+ " + line);
    console.err().flush();
    try (PrintWriter out = new PrintWriter(printed)) {
      int status = console.withOut(out).run(List.of(words));
      if (status != Exit.OK) {
        throw new CommandException(
            status,
            String.format(Locale.ROOT, "experiment: '%s' failed with exit code %d", line, status));
      }
    }
    return printed.toString();
  }
}
