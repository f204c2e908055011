package dev.pgmap.shell.fs;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code mv}. */
@CommandLine.Command(
    name = "mv",
    description = "Rename a file or directory; what has the new name is replaced in the same step.")
public final class Move implements Command {
  private final Console console;

  @Parameters(index = "0", paramLabel = "FROM")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "A name, or a directory.")
  private String to = "";

  /** On that console. */
  public Move(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    MountedPath source = MountedPath.of(console, from);
    MountedPath target = MountedPath.of(console, to).orInside(source.name());
    source.checkSameMount(target);
    source.filesystem().rename(source.path(), target.path());
    return Exit.OK;
  }
}
