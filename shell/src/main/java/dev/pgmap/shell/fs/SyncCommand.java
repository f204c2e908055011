package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code sync}. */
@CommandLine.Command(
    name = "sync",
    description = "Put what was written on the medium: these files, or all.")
public final class SyncCommand implements Command {
  private final Console console;

  @Parameters(paramLabel = "FILE", arity = "0..*")
  private List<String> files = List.of();

  /** On that console. */
  public SyncCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String name : files) {
      try (FsFile file = MountedPath.of(console, name).open(false)) {
        file.fsync();
      }
    }
    if (files.isEmpty()) {
      console.machine().filesystems().mounts().forEach(mount -> mount.filesystem().sync());
    }
    return Exit.OK;
  }
}
