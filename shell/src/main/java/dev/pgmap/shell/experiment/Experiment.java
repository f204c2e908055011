package dev.pgmap.shell.experiment;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code experiment NAME}: runs an experiment and prints its tables. */
@CommandLine.Command(
    name = "experiment",
    description = {
      "Run an experiment: the same commands under several kernels, with a table at the end.",
      "compound-devmap: what the compound devmap series measured in 2021 (gup_test on device-dax)."
    })
public final class Experiment implements Command {
  private static final String COMPOUND_DEVMAP = "compound-devmap";
  private static final int MAX_REPEATS = 1000;

  private final Console console;

  @Parameters(paramLabel = "NAME", description = "compound-devmap")
  private String name = "";

  @Option(names = "--large", description = "Also the 126 GiB rows; wants 4 GiB of memory.")
  private boolean large;

  @Option(names = "-r", paramLabel = "N", description = "Repeats of each gup_test (default 10).")
  private String repeats = "10";

  /** The command on that console. */
  public Experiment(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (!name.equals(COMPOUND_DEVMAP)) {
      throw CommandException.badValue("NAME", name, COMPOUND_DEVMAP);
    }
    int times = Numbers.parseInt("-r", repeats, 1, MAX_REPEATS);
    CompoundDevmap experiment = new CompoundDevmap(console, times);
    List<Measurement> small = experiment.run(CompoundDevmap.SMALL);
    List<Measurement> big = large ? experiment.run(CompoundDevmap.LARGE) : List.of();
    print(new Report(small, big), times);
    return Exit.OK;
  }

  private void print(Report report, int times) {
    console.out().println();
    console
        .out()
        .println(
            "pin_user_pages_fast of 2 MiB pages, 512 pages a call, "
                + times
                + " runs; milliseconds.");
    console
        .out()
        .println(
            "get, put: this machine. base/...: how many times faster than base pages. model: a"
                + " kernel");
    console
        .out()
        .println("on the machine of seed 2, from the lines it touches; seed 2: as published.");
    console.out().println();
    report.times().forEach(console.out()::println);
    console.out().println();
    console.out().println("The model, calibrated on the 16 GiB figures of seed 2 only:");
    console.out().println();
    report.constants().forEach(console.out()::println);
    console.out().println();
    console
        .out()
        .println(
            "Its error on the 126 GiB figures"
                + (large ? ":" : " (lines scaled from the 16 GiB rows; --large counts them):"));
    console.out().println();
    report.errors().forEach(console.out()::println);
  }
}
