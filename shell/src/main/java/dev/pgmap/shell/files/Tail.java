package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code tail}: the last lines of each file. */
@CommandLine.Command(name = "tail", description = "Print the last lines of files, or of a pipe.")
public final class Tail implements Command, Tuned {
  private final Console console;

  @Parameters(
      paramLabel = "[-n N | -N] [FILE...]",
      hideParamSyntax = true,
      arity = "0..*",
      description = "How many lines (default: 10), and the files, or none after a pipe.")
  private List<String> words = List.of();

  /** On that console. */
  public Tail(Console console) {
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
    Deque<String> last = new ArrayDeque<>();
    new InputText(console)
        .lines(
            path,
            line -> {
              last.addLast(line);
              if (last.size() > nrLines) {
                last.removeFirst();
              }
              return true;
            });
    last.forEach(console.out()::println);
  }
}
