package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code cat}. */
@CommandLine.Command(
    name = "cat",
    description = "Print files of /proc and /sys, such as /proc/iomem or /proc/vmstat.")
public final class Cat implements Command {
  private final Console console;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Paths; * is allowed in them.")
  private List<String> paths = List.of();

  /** On that console. */
  public Cat(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    VirtualFiles files = new VirtualFiles(console.session().lab());
    for (String path : paths) {
      console.out().print(files.read(path));
    }
    return Exit.OK;
  }
}
