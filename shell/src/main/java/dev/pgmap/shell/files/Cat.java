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

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Paths; * is allowed in them. None: the pipe.")
  private List<String> paths = List.of();

  /** On that console. */
  public Cat(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    InputText input = new InputText(console);
    for (String path : paths.isEmpty() ? List.of(InputText.PIPE) : paths) {
      input.copy(path);
    }
    return Exit.OK;
  }
}
