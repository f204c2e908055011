package dev.pgmap.shell.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fallocate}. */
@CommandLine.Command(
    name = "fallocate",
    description = "Reserve blocks for a part of a file, or give them back (-p).")
public final class Fallocate implements Command {
  private final Console console;

  @Option(
      names = {"-p", "--punch-hole"},
      description = "Make the part a hole; waits while somebody holds a page of the file.")
  private boolean punch;

  @Option(
      names = {"-n", "--keep-size"},
      description = "Do not make the file larger.")
  private boolean keepSize;

  @Option(
      names = {"-o", "--offset"},
      paramLabel = "OFFSET",
      converter = SizeConverter.class)
  private long offset;

  @Option(
      names = {"-l", "--length"},
      required = true,
      paramLabel = "LENGTH",
      converter = SizeConverter.class)
  private long bytes;

  @Parameters(paramLabel = "FILE")
  private String name = "";

  /** On that console. */
  public Fallocate(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    try (FsFile file = MountedPath.of(console, name).open(!punch)) {
      if (punch) {
        file.punchHole(offset, bytes);
      } else {
        file.fallocate(offset, bytes, keepSize);
      }
    }
    return Exit.OK;
  }
}
