package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code trace}: what a recording holds. */
@CommandLine.Command(
    name = "trace",
    description = "Look at a recording: trace.dat, or text of ftrace, trace-cmd or perf.")
public final class Trace {
  private Trace() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new Trace(),
        new InfoCommand(console),
        new AttachCommand(console),
        new EventsCommand(console),
        new ExportCommand(console),
        new LeaksCommand(console),
        new ExplainCommand(console),
        new DiffCommand(console),
        new RecipeCommand(console),
        new QueryCommand(console),
        new ReportCommand(console),
        new ReplayCommand(console),
        new AtCommand(console),
        new StepCommand(console));
  }
}
