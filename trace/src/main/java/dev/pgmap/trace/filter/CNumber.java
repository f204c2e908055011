package dev.pgmap.trace.filter;

import org.jspecify.annotations.Nullable;

/** Numbers as kstrtoll and kstrtoull take them with base 0: decimal, 0x… and 0…. */
public final class CNumber {
  private CNumber() {}

  /**
   * The number that a text states; null if it states none.
   *
   * @param signed whether it may be negative, and must fit a signed 64-bit number
   */
  public static @Nullable Long parse(String text, boolean signed) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    int radix = hex ? 16 : digits.length() > 1 && digits.startsWith("0") ? 8 : 10;
    digits = hex ? digits.substring(2) : digits;
    if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0)) || negative && !signed) {
      return null;
    }
    try {
      long value = Long.parseUnsignedLong(digits, radix);
      boolean tooLarge = signed && value < 0 && !(negative && value == Long.MIN_VALUE);
      return tooLarge ? null : negative ? -value : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
