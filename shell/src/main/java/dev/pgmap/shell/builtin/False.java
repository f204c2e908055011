package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code false}. */
@CommandLine.Command(name = "false", description = "Fail.")
final class False implements Command {
  @Override
  public int call() {
    return Exit.FAILED;
  }
}
