package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.format.Seconds;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code timeout}. */
@CommandLine.Command(
    name = "timeout",
    description = {
      "Run a command, and interrupt it when the time is up; the exit code is 124 then.",
      "What waits inside the kernel is not interrupted by it."
    })
final class Timeout implements Command, Tuned {
  private final Console console;

  @Parameters(index = "0", paramLabel = "SECONDS")
  private String seconds = "";

  @Parameters(index = "1..*", paramLabel = "COMMAND", arity = "1..*")
  private List<String> command = List.of();

  Timeout(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setStopAtPositional(true);
  }

  @Override
  public int call() {
    Alarm alarm =
        new Alarm(
            console.machine().sync().clock(), Thread.currentThread(), Seconds.toNanos(seconds));
    int status;
    try {
      status = console.run(command);
    } finally {
      alarm.cancel();
    }
    return alarm.hasRung() && status == Exit.INTERRUPTED ? Exit.TIMED_OUT : status;
  }
}
