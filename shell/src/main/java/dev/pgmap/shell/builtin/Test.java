package dev.pgmap.shell.builtin;

import dev.pgmap.api.MmException;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Tuned;
import dev.pgmap.shell.files.VirtualFiles;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code test} and {@code [}: one condition; the exit code is 0 if it holds, else 1. */
@CommandLine.Command(
    name = "test",
    description = {
      "Tell by the exit code whether a condition holds: [ -d DIR ], -e or -f PATH, -n or -z TEXT,",
      "A = B, A != B, N -eq N (-ne, -lt, -le, -gt, -ge); ! before it means the contrary."
    })
final class Test implements Command, Tuned {
  private static final String EXPECTED =
      "-d, -e, -f, -n or -z with a word, or two words with =, !=, -eq, -ne, -lt, -le, -gt or -ge"
          + " between them";

  private final Console console;
  private final boolean bracket;

  @Parameters(paramLabel = "CONDITION", arity = "0..*")
  private List<String> words = List.of();

  /**
   * The condition that a console's words state.
   *
   * @param bracket whether the last word has to be {@code ]}
   */
  Test(Console console, boolean bracket) {
    this.console = console;
    this.bracket = bracket;
  }

  @Override
  public void tune(CommandLine line) {
    line.setCommandName(bracket ? "[" : "test");
    line.setUnmatchedOptionsArePositionalParams(true).setStopAtPositional(true);
  }

  @Override
  public int call() {
    List<String> condition = words;
    if (bracket) {
      if (words.isEmpty() || !words.getLast().equals("]")) {
        throw CommandException.usage("found no ']' at the end, expected [ CONDITION ]");
      }
      condition = words.subList(0, words.size() - 1);
    }
    return holds(condition) ? Exit.OK : Exit.FAILED;
  }

  private boolean holds(List<String> condition) {
    if (condition.size() > 1 && condition.getFirst().equals("!")) {
      return !holds(condition.subList(1, condition.size()));
    }
    return switch (condition.size()) {
      case 0 -> false;
      case 1 -> !condition.getFirst().isEmpty();
      case 2 -> unary(condition.get(0), condition.get(1));
      case 3 -> binary(condition.get(0), condition.get(1), condition.get(2));
      default -> throw unknown(String.join(" ", condition));
    };
  }

  private boolean unary(String operator, String operand) {
    return switch (operator) {
      case "-n" -> !operand.isEmpty();
      case "-z" -> operand.isEmpty();
      case "-d" -> files().isDirectory(console.resolve(operand));
      case "-e" -> exists(operand);
      case "-f" -> exists(operand) && !files().isDirectory(console.resolve(operand));
      default -> throw unknown(operator);
    };
  }

  private static boolean binary(String left, String operator, String right) {
    return switch (operator) {
      case "=" -> left.equals(right);
      case "!=" -> !left.equals(right);
      case "-eq" -> compare(left, right) == 0;
      case "-ne" -> compare(left, right) != 0;
      case "-lt" -> compare(left, right) < 0;
      case "-le" -> compare(left, right) <= 0;
      case "-gt" -> compare(left, right) > 0;
      case "-ge" -> compare(left, right) >= 0;
      default -> throw unknown(operator);
    };
  }

  private static int compare(String left, String right) {
    return Long.compare(
        Numbers.parse("number", left, 0, Long.MAX_VALUE),
        Numbers.parse("number", right, 0, Long.MAX_VALUE));
  }

  private VirtualFiles files() {
    return new VirtualFiles(console.session().lab());
  }

  private boolean exists(String path) {
    try {
      return files().isDirectory(console.resolve(path))
          || !files().list(console.resolve(path)).isEmpty();
    } catch (MmException e) {
      return false;
    }
  }

  private static CommandException unknown(String found) {
    return CommandException.badValue("condition", found, EXPECTED);
  }
}
