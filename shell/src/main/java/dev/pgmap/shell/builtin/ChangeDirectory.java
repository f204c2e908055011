package dev.pgmap.shell.builtin;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.files.VirtualFiles;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code cd}. */
@CommandLine.Command(
    name = "cd",
    description = "Go to a directory of /proc, /sys or /dev: paths can be relative to it.")
final class ChangeDirectory implements Command {
  private final Console console;

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "Default: /.")
  private String path = "/";

  ChangeDirectory(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    String directory = console.resolve(path);
    if (!new VirtualFiles(console.session().lab()).isDirectory(directory)) {
      throw new MmException(Errno.ENOENT, path, "no such directory", "one that ls shows", "");
    }
    console.enter(directory);
    return Exit.OK;
  }
}
