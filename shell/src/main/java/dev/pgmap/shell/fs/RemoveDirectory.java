package dev.pgmap.shell.fs;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code rmdir}. */
@CommandLine.Command(name = "rmdir", description = "Remove empty directories.")
public final class RemoveDirectory implements Command {
  private final Console console;

  @Parameters(paramLabel = "DIRECTORY", arity = "1..*")
  private List<String> directories = List.of();

  /** On that console. */
  public RemoveDirectory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String directory : directories) {
      MountedPath path = MountedPath.of(console, directory);
      path.filesystem().rmdir(path.path());
    }
    return Exit.OK;
  }
}
