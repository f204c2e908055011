package dev.pgmap.shell.zdtool;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool truncate}. */
@CommandLine.Command(
    name = "truncate",
    description = "Set the size of a file; print the result and how long it waited.")
final class Truncate extends FileVerb {
  @Parameters(index = "1", paramLabel = "SIZE", description = "The new size, such as 0 or 64K.")
  private String size = "";

  Truncate(Console console) {
    super(console, "truncate");
  }

  @Override
  void checkArguments() {
    bytes();
  }

  private long bytes() {
    return Sizes.parse("SIZE", size);
  }

  @Override
  void change(FsFile opened) {
    opened.truncate(bytes());
  }
}
