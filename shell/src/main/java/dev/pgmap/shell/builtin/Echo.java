package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code echo}. */
@CommandLine.Command(name = "echo", description = "Print words.")
final class Echo implements Command, Tuned {
  private final Console console;

  @Option(names = "-n", description = "No line end.")
  private boolean noNewline;

  @Parameters(paramLabel = "WORD", arity = "0..*")
  private List<String> words = List.of();

  Echo(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setUnmatchedOptionsArePositionalParams(true).setStopAtPositional(true);
  }

  @Override
  public int call() {
    console.out().print(String.join(" ", words));
    if (!noNewline) {
      console.out().println();
    }
    return Exit.OK;
  }
}
