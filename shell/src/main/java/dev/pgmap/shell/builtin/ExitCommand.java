package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code exit}. */
@CommandLine.Command(name = "exit", description = "Leave the shell, or end the script.")
final class ExitCommand implements Command {
  private final Console console;

  @Parameters(paramLabel = "CODE", arity = "0..1", description = "Default: 0.")
  private String code = "0";

  ExitCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    int status = Numbers.parseInt("CODE", code, 0, 255);
    console.leave();
    return status;
  }
}
