package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code trace-cmd stop}. */
@CommandLine.Command(name = "stop", description = "Stop recording; what was recorded stays.")
final class StopCommand implements Command {
  private final Console console;

  StopCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.session().lab().traceFs().write("tracing_on", "0", false);
    return Exit.OK;
  }
}
