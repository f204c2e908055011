package dev.pgmap.shell.fs;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mkdir}. */
@CommandLine.Command(name = "mkdir", description = "Make directories in mounted file systems.")
public final class MakeDirectory implements Command {
  private final Console console;

  @Option(names = "-p", description = "Parents too; a directory that is there is fine.")
  private boolean parents;

  @Parameters(paramLabel = "DIRECTORY", arity = "1..*")
  private List<String> directories = List.of();

  /** On that console. */
  public MakeDirectory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String directory : directories) {
      MountedPath path = MountedPath.of(console, directory);
      if (parents) {
        makeAll(path);
      } else {
        path.filesystem().mkdir(path.path());
      }
    }
    return Exit.OK;
  }

  private static void makeAll(MountedPath path) {
    int end = 0;
    while (end < path.path().length()) {
      int slash = path.path().indexOf('/', end + 1);
      end = slash < 0 ? path.path().length() : slash;
      MountedPath part = new MountedPath(path.mount(), path.path().substring(0, end), path.shown());
      if (!part.isDirectory()) {
        part.filesystem().mkdir(part.path());
      }
    }
  }
}
