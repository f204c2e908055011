package dev.pgmap.shell.files;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code cut}, for one field of each line.
 *
 * <p>It reads its options itself: picocli takes the blank of {@code -d' '} for no value at all.
 */
@CommandLine.Command(
    name = "cut",
    description = "Print one field of each line of a file, as in cut -d' ' -f1 /proc/uptime.")
public final class Cut implements Command, Tuned {
  private final Console console;
  private final List<String> paths = new ArrayList<>();
  private String delimiter = "\t";
  private int field;

  @Parameters(
      paramLabel = "[-dCHAR] -fN [FILE...]",
      hideParamSyntax = true,
      arity = "0..*",
      description =
          "The separator (default: tab), the number of the field, and the files, or none after a"
              + " pipe.")
  private List<String> words = List.of();

  /** On that console. */
  public Cut(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setPosixClusteredShortOptionsAllowed(false)
        .setUnmatchedOptionsArePositionalParams(true)
        .setTrimQuotes(false);
  }

  @Override
  public int call() {
    readWords();
    InputText input = new InputText(console);
    for (String path : paths.isEmpty() ? List.of(InputText.PIPE) : paths) {
      input.lines(
          path,
          line -> {
            console.out().println(cut(line));
            return true;
          });
    }
    return Exit.OK;
  }

  private void readWords() {
    Deque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      if (word.startsWith("-d")) {
        delimiter = value(word, rest);
        if (delimiter.length() != 1) {
          throw CommandException.badValue("-d", delimiter, "one character");
        }
      } else if (word.startsWith("-f")) {
        field = Numbers.parseInt("-f", value(word, rest), 1, 1000);
      } else if (word.startsWith("-")) {
        throw CommandException.badValue("option", word, "-d or -f");
      } else {
        paths.add(word);
      }
    }
    if (field == 0) {
      throw CommandException.usage("expected -fN; see cut --help");
    }
  }

  private static String value(String word, Deque<String> rest) {
    if (word.length() > 2) {
      return word.substring(2);
    }
    return rest.isEmpty() ? "" : rest.removeFirst();
  }

  private String cut(String line) {
    String[] fields = line.split(Pattern.quote(delimiter), -1);
    if (fields.length == 1) {
      return line;
    }
    return field <= fields.length ? fields[field - 1] : "";
  }
}
