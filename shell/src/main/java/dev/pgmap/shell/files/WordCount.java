package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wc}: how many lines, words and characters. */
@CommandLine.Command(
    name = "wc",
    description = "Count the lines, words and characters of files, or of a pipe.")
public final class WordCount implements Command {
  private final Console console;

  @Option(names = "-l", description = "Lines only.")
  private boolean linesOnly;

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "None: the pipe.")
  private List<String> paths = List.of();

  /** On that console. */
  public WordCount(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    for (String path : paths.isEmpty() ? List.of(InputText.PIPE) : paths) {
      String name = path.equals(InputText.PIPE) ? "" : " " + path;
      console.out().println(count(path) + name);
    }
    return Exit.OK;
  }

  private String count(String path) {
    long[] counts = new long[3];
    new InputText(console)
        .lines(
            path,
            line -> {
              counts[0]++;
              counts[1] += line.isBlank() ? 0 : line.strip().split("\\s+").length;
              counts[2] += line.length() + 1;
              return true;
            });
    return linesOnly
        ? Long.toString(counts[0])
        : "%7d %7d %7d".formatted(counts[0], counts[1], counts[2]);
  }
}
