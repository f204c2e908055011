package dev.pgmap.shell.command;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import java.util.List;
import java.util.function.Supplier;

/** What {@code all} means as the name of an object. */
public final class Group {
  private Group() {}

  /** The names as they are, or all there are if one of them is {@code all}. */
  public static List<String> expand(List<String> names, Supplier<List<String>> all) {
    return names.contains("all") ? all.get() : names;
  }

  /**
   * The number in a name such as {@code region0}, or a plain number.
   *
   * @throws CommandException if there is none
   */
  public static int number(String option, String prefix, String value) {
    String digits = value.startsWith(prefix) ? value.substring(prefix.length()) : value;
    if (!digits.matches("[0-9]{1,6}")) {
      throw CommandException.badValue(option, value, prefix + "N or N");
    }
    return Integer.parseInt(digits);
  }

  /** Whether JSON is wanted for a command that has another form too. */
  public static boolean wantsJson(Console console, boolean option) {
    return option || console.session().json();
  }
}
