package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code head}: the first lines of each file. */
@CommandLine.Command(name = "head", description = "Print the first lines of files, or of a pipe.")
public final class Head implements Command, Tuned {
  private final Console console;

  @Parameters(
      paramLabel = "[-n N | -N] [FILE...]",
      hideParamSyntax = true,
      arity = "0..*",
      description = "How many lines (default: 10), and the files, or none after a pipe.")
  private List<String> words = List.of();

  /** On that console. */
  public Head(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setPosixClusteredShortOptionsAllowed(false).setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public int call() {
    LineCount count = LineCount.of(words);
    count.paths().forEach(path -> print(path, count.nrLines()));
    return Exit.OK;
  }

  private void print(String path, int nrLines) {
    int[] left = {nrLines};
    if (nrLines > 0) {
      new InputText(console)
          .lines(
              path,
              line -> {
                console.out().println(line);
                return --left[0] > 0;
              });
    }
  }
}
