package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code pwd}. */
@CommandLine.Command(name = "pwd", description = "Print the directory where cd went.")
final class PrintDirectory implements Command {
  private final Console console;

  PrintDirectory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.out().println(console.directory());
    return Exit.OK;
  }
}
