package dev.pgmap.shell.zdtool;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool kpf}. */
@CommandLine.Command(name = "kpf", description = "Print page flags and map counts of pages.")
final class Kpf implements Command {
  private static final int MAX_PAGES = 4096;

  private final Console console;

  @Parameters(index = "0", paramLabel = "PFN")
  private String pfn = "";

  @Parameters(index = "1", paramLabel = "N", arity = "0..1")
  private String count = "1";

  Kpf(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    long first = Numbers.parse("PFN", pfn, 0, Long.MAX_VALUE >>> 12);
    int nrPages = Numbers.parseInt("N", count, 1, MAX_PAGES);
    PageProbe probe = new PageProbe(console.machine());
    for (long i = first; i < first + nrPages; i++) {
      console.out().println(probe.describe(i));
    }
    return Exit.OK;
  }
}
