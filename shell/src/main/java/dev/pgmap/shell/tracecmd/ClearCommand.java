package dev.pgmap.shell.tracecmd;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code trace-cmd clear}. */
@CommandLine.Command(name = "clear", description = "Empty the rings.")
final class ClearCommand implements Command {
  private final Console console;

  ClearCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.session().lab().traceFs().write("trace", "", false);
    return Exit.OK;
  }
}
