package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.replay.TimeMachine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trace at}: pages and pgmaps as they stood at a step. */
@CommandLine.Command(
    name = "at",
    description = {
      "Show pages and pgmaps as they stood after a number of events of a recording.",
      "Several steps are shown one after another; +N and -N go on from the one before."
    })
final class AtCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "STEP",
      description = "How many events have happened: 0 is before the first; or +N, -N.")
  private List<String> steps = new ArrayList<>();

  @Option(
      names = "--pfn",
      paramLabel = "FIRST-LAST",
      description = "Only pages of that range.",
      converter = PfnRange.Converter.class)
  private PfnRange pfns = PfnRange.ALL;

  AtCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = file.open();
    try (opened;
        TimeMachine time = new TimeMachine(opened.source())) {
      Walk walk = new Walk(opened.source(), time, pfns);
      PrintWriter out = console.out();
      for (String step : steps) {
        walk.goTo(step);
        walk.show(out);
      }
    }
    return Exit.OK;
  }
}
