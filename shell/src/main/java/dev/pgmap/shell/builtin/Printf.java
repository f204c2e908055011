package dev.pgmap.shell.builtin;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code printf}. */
@CommandLine.Command(
    name = "printf",
    description = {
      "Print words in a format: %%s, %%d, %%u, %%x, %%X, %%o, %%c and %%%%, with flags and width.",
      "The format is used again as long as words are left; there is no line end but \\n."
    })
final class Printf implements Command, Tuned {
  private static final Pattern PIECE =
      Pattern.compile(
          "%(?<flags>[-+"
              + " 0#]*)(?<width>[0-9]{0,3})(?<precision>(\\.[0-9]{1,3})?)(?<letter>[sdiuxXoc%])"
              + "|\\\\(?<escape>[ntr\\\\])|(?<text>[^%\\\\]+)");

  private final Console console;

  @Parameters(index = "0", paramLabel = "FORMAT")
  private String format = "";

  @Parameters(index = "1..*", paramLabel = "WORD", arity = "0..*")
  private List<String> words = List.of();

  Printf(Console console) {
    this.console = console;
  }

  @Override
  public void tune(CommandLine line) {
    line.setUnmatchedOptionsArePositionalParams(true).setStopAtPositional(true);
  }

  @Override
  public int call() {
    StringBuilder text = new StringBuilder();
    Deque<String> rest = new ArrayDeque<>(words);
    int before;
    do {
      before = rest.size();
      appendOnce(text, rest);
    } while (!rest.isEmpty() && rest.size() < before);
    console.out().print(text);
    return Exit.OK;
  }

  private void appendOnce(StringBuilder text, Deque<String> rest) {
    Matcher piece = PIECE.matcher(format);
    int at = 0;
    while (at < format.length()) {
      if (!piece.find(at) || piece.start() != at) {
        throw CommandException.badValue(
            "format", format.substring(at), "%s, %d, %x and their like, \\n, \\t");
      }
      text.append(valueOf(piece, rest));
      at = piece.end();
    }
  }

  private static String valueOf(Matcher piece, Deque<String> rest) {
    if (piece.group("text") != null) {
      return piece.group("text");
    }
    if (piece.group("escape") != null) {
      return switch (piece.group("escape")) {
        case "n" -> "\n";
        case "t" -> "\t";
        case "r" -> "\r";
        default -> "\\";
      };
    }
    char letter = piece.group("letter").charAt(0);
    return letter == '%' ? "%" : pad(piece, convert(piece, letter, rest));
  }

  private static String convert(Matcher piece, char letter, Deque<String> rest) {
    String word = rest.isEmpty() ? "" : rest.removeFirst();
    String flags = piece.group("flags");
    return switch (letter) {
      case 's' -> cut(word, piece.group("precision"));
      case 'c' -> word.isEmpty() ? "" : word.substring(0, 1);
      case 'x', 'X', 'o' -> {
        String digits = Long.toString(number(word, 0), letter == 'o' ? 8 : 16);
        String shown = (flags.contains("#") ? letter == 'o' ? "0" : "0x" : "") + digits;
        yield letter == 'X' ? shown.toUpperCase(Locale.ROOT) : shown;
      }
      default -> (flags.contains("+") ? "+" : "") + number(word, -Long.MAX_VALUE);
    };
  }

  private static String cut(String word, String precision) {
    int most = precision.isEmpty() ? word.length() : Integer.parseInt(precision.substring(1));
    return word.substring(0, Math.min(most, word.length()));
  }

  private static long number(String word, long least) {
    return word.isEmpty() ? 0 : Numbers.parse("number", word, least, Long.MAX_VALUE);
  }

  private static String pad(Matcher piece, String value) {
    String width = piece.group("width");
    int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - value.length();
    if (missing <= 0) {
      return value;
    }
    String flags = piece.group("flags");
    if (flags.contains("-")) {
      return value + " ".repeat(missing);
    }
    boolean zeros = flags.contains("0") && "sc".indexOf(piece.group("letter")) < 0;
    return (zeros ? "0" : " ").repeat(missing) + value;
  }
}
