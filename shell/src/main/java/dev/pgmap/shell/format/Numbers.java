package dev.pgmap.shell.format;

import dev.pgmap.shell.session.CommandException;

/** Numbers as a person types them. */
public final class Numbers {
  private Numbers() {}

  /** A decimal or 0x number that is not negative; -1 if the text is none. */
  static long parseUnsigned(String text) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    int radix = hex ? 16 : 10;
    boolean clean =
        !digits.isEmpty()
            && digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
    if (!clean || digits.length() > 19) {
      return -1;
    }
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }

  /**
   * Reads a number within bounds.
   *
   * @param what what is counted, for the message
   * @throws CommandException if it is none, or out of bounds
   */
  public static long parse(String what, String text, long least, long most) {
    boolean negative = text.startsWith("-");
    long magnitude = parseUnsigned(negative ? text.substring(1) : text);
    long number = negative ? -magnitude : magnitude;
    if (magnitude < 0 || number < least || number > most) {
      String expected = "a number from %d to %d".formatted(least, most);
      throw CommandException.badValue(
          what, text, most == Long.MAX_VALUE ? "a number from " + least + " on" : expected);
    }
    return number;
  }

  /**
   * Reads a number as {@link #parse} does; the result fits an int.
   *
   * @throws CommandException if it is none, or out of bounds
   */
  public static int parseInt(String what, String text, int least, int most) {
    return Math.toIntExact(parse(what, text, least, most));
  }
}
