package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code trace-cmd restart}. */
@CommandLine.Command(name = "restart", description = "Go on recording after a stop.")
final class RestartCommand implements Command {
  private final Console console;

  RestartCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.session().lab().traceFs().write("tracing_on", "1", false);
    return Exit.OK;
  }
}
