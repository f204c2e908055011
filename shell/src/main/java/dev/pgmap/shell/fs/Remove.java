package dev.pgmap.shell.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rm}. */
@CommandLine.Command(name = "rm", description = "Remove files of mounted file systems.")
public final class Remove implements Command {
  private final Console console;

  @Option(names = "-f", description = "Say nothing of files that are not there.")
  private boolean force;

  @Option(
      names = {"-r", "-R"},
      description = "Directories too, with all that is in them.")
  private boolean recursive;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<String> files = List.of();

  /** On that console. */
  public Remove(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String file : files) {
      try {
        MountedPath path = MountedPath.of(console, file);
        remove(path, path.stat().isDirectory() && recursive);
      } catch (MmException e) {
        if (!force || e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }
    return Exit.OK;
  }

  private void remove(MountedPath path, boolean asDirectory) {
    if (!asDirectory) {
      path.filesystem().unlink(path.path());
      return;
    }
    for (String name : path.filesystem().list(path.path())) {
      MountedPath inside = path.orInside(name);
      remove(inside, inside.isDirectory());
    }
    path.filesystem().rmdir(path.path());
  }
}
