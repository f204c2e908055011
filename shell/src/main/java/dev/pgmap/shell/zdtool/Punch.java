package dev.pgmap.shell.zdtool;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code zdtool punch}. */
@CommandLine.Command(
    name = "punch",
    description = "Punch a hole, keeping the size; print the result and how long it waited.")
final class Punch extends FileVerb {
  @Parameters(index = "1", paramLabel = "OFF", description = "Where the hole begins, such as 64K.")
  private String offset = "";

  @Parameters(index = "2", paramLabel = "LEN", description = "How long it is.")
  private String length = "";

  Punch(Console console) {
    super(console, "punch");
  }

  @Override
  void checkArguments() {
    start();
    if (bytes() == 0) {
      throw CommandException.badValue("LEN", length, "a size above zero");
    }
  }

  private long start() {
    return Sizes.parse("OFF", offset);
  }

  private long bytes() {
    return Sizes.parse("LEN", length);
  }

  @Override
  void change(FsFile opened) {
    opened.punchHole(start(), bytes());
  }
}
