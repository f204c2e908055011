package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code sleep}. */
@CommandLine.Command(name = "sleep", description = "Wait that many seconds.")
final class Sleep implements Command {
  private final Console console;

  @Parameters(paramLabel = "SECONDS", description = "Such as 2 or 0.5.")
  private String seconds = "";

  Sleep(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    console.sleep(Seconds.toNanos(seconds));
    return Exit.OK;
  }
}
