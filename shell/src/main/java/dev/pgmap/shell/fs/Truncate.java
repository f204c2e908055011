package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code truncate}. */
@CommandLine.Command(
    name = "truncate",
    description = "Give files a size; waits while somebody holds a page that would be cut off.")
public final class Truncate implements Command {
  private final Console console;

  @Option(
      names = {"-s", "--size"},
      required = true,
      paramLabel = "SIZE",
      converter = SizeConverter.class)
  private long bytes;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<String> files = List.of();

  /** On that console. */
  public Truncate(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String name : files) {
      try (FsFile file = MountedPath.of(console, name).open(true)) {
        file.truncate(bytes);
      }
    }
    return Exit.OK;
  }
}
