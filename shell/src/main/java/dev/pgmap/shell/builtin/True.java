package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;

/** {@code true}. */
@CommandLine.Command(name = "true", description = "Do nothing, and that well.")
final class True implements Command {
  @Override
  public int call() {
    return Exit.OK;
  }
}
