package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code trace-cmd reset}. */
@CommandLine.Command(
    name = "reset",
    description = "Switch everything off, take filters and triggers away, empty the rings.")
final class ResetCommand implements Command {
  private final Console console;

  ResetCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.session().lab().traceFs().reset();
    return Exit.OK;
  }
}
