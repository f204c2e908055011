package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;

/** {@code trace-cmd}. */
@CommandLine.Command(
    name = "trace-cmd",
    description = "Record this machine, and show recordings, as trace-cmd does.")
public final class TraceCmd {
  private TraceCmd() {}

  /** The command with its subcommands. */
  public static CommandLine of(Console console) {
    return Registry.tree(
        new TraceCmd(),
        new RecordCommand(console),
        new StartCommand(console),
        new StopCommand(console),
        new RestartCommand(console),
        new ExtractCommand(console),
        new ShowCommand(console),
        new ReportCommand(console),
        new ListCommand(console),
        new StatCommand(console),
        new ClearCommand(console),
        new SnapshotCommand(console),
        new ResetCommand(console));
  }
}
