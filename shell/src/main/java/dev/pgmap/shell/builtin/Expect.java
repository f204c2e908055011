package dev.pgmap.shell.builtin;

import dev.pgmap.api.Errno;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code expect}: a command that has to fail. */
@CommandLine.Command(
    name = "expect",
    description = {
      "Run a command that has to fail: with an errno, or with an exit code.",
      "expect EBUSY ndctl destroy-namespace namespace0.0"
    })
final class Expect implements Command, Tuned {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "ERRNO",
      description = "Such as EBUSY, or an exit code such as 2.")
  private String wanted = "";

  @Parameters(index = "1..*", paramLabel = "COMMAND", arity = "1..*")
  private List<String> command = List.of();

  Expect(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setStopAtPositional(true);
  }

  @Override
  public int call() {
    boolean byCode = wanted.matches("[0-9]{1,3}");
    if (!byCode && Arrays.stream(Errno.values()).noneMatch(e -> e.name().equals(wanted))) {
      throw CommandException.badValue("expect", wanted, "an errno such as EBUSY, or an exit code");
    }
    int status = console.run(command);
    Errno errno = console.errno();
    String found = errno == null || byCode ? Integer.toString(status) : errno.name();
    if (found.equals(wanted)) {
      return Exit.OK;
    }
    throw new CommandException(
        Exit.FAILED,
        "found %s, expected %s of: %s"
            .formatted(status == Exit.OK ? "success" : found, wanted, String.join(" ", command)));
  }
}
