package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cut}, for one field of each line. */
@CommandLine.Command(
    name = "cut",
    description = "Print one field of each line of a file, as in cut -d' ' -f1 /proc/uptime.")
public final class Cut implements Command {
  private final Console console;

  @Option(names = "-d", paramLabel = "CHAR", description = "What separates fields. Default: tab.")
  private String delimiter = "\t";

  @Option(names = "-f", paramLabel = "N", required = true, description = "The field, from 1.")
  private String field = "";

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<String> paths = List.of();

  /** On that console. */
  public Cut(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (delimiter.length() != 1) {
      throw CommandException.badValue("-d", delimiter, "one character");
    }
    int number = Numbers.parseInt("-f", field, 1, 1000);
    VirtualFiles files = new VirtualFiles(console.session().lab());
    for (String path : paths) {
      files.read(path).lines().map(line -> cut(line, number)).forEach(console.out()::println);
    }
    return Exit.OK;
  }

  private String cut(String line, int number) {
    String rest = line;
    for (int i = 1; i < number; i++) {
      int next = rest.indexOf(delimiter);
      if (next < 0) {
        return i == 1 ? line : "";
      }
      rest = rest.substring(next + 1);
    }
    int end = rest.indexOf(delimiter);
    return end < 0 ? rest : rest.substring(0, end);
  }
}
