package dev.pgmap.trace.read.text;

import org.jspecify.annotations.Nullable;

/** Numbers as traces print them. */
final class TextNumbers {
  private static final int MAX_DECIMAL_DIGITS = 18;
  private static final int MAX_HEX_DIGITS = 16;
  private static final int NANO_DIGITS = 9;

  private TextNumbers() {}

  /** A number that is decimal or has {@code 0x} in front; null if the text is none. */
  static @Nullable Long number(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    Long magnitude =
        digits.startsWith("0x") || digits.startsWith("0X")
            ? hex(digits.substring(2))
            : decimal(digits);
    return magnitude == null ? null : negative ? -magnitude : magnitude;
  }

  /** A hexadecimal number without a sign and {@code 0x}; null if the text is none. */
  static @Nullable Long hex(String digits) {
    if (digits.isEmpty() || digits.length() > MAX_HEX_DIGITS) {
      return null;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digit(digits.charAt(i), 16);
      if (digit < 0) {
        return null;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  /** A decimal number without a sign, below 2<sup>64</sup>; null if the text is none. */
  static @Nullable Long decimal(String digits) {
    if (digits.isEmpty() || digits.length() > MAX_DECIMAL_DIGITS) {
      return digits.isEmpty() ? null : large(digits);
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digit(digits.charAt(i), 10);
      if (digit < 0) {
        return null;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** One that may not fit in 63 bits. */
  private static @Nullable Long large(String digits) {
    try {
      return digits.startsWith("+") ? null : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException tooLargeOrNone) {
      return null;
    }
  }

  private static int digit(char c, int radix) {
    return c < 128 ? Character.digit(c, radix) : -1;
  }

  /** A number of at most nine digits; -1 if the text is none. */
  static int small(String digits) {
    if (digits.length() > NANO_DIGITS) {
      return -1;
    }
    Long number = decimal(digits);
    return number == null ? -1 : number.intValue();
  }

  /**
   * Puts a stamp into an event: seconds with a fraction, or a count.
   *
   * @return false if the text is no stamp
   */
  static boolean stamp(String text, RawEvent to) {
    int dot = text.indexOf('.');
    Long whole = decimal(dot < 0 ? text : text.substring(0, dot));
    if (whole == null) {
      return false;
    }
    to.isCount = dot < 0;
    to.stamp = whole;
    return dot < 0 || fraction(text.substring(dot + 1), whole, to);
  }

  private static boolean fraction(String digits, long seconds, RawEvent to) {
    String nanos = digits.length() > NANO_DIGITS ? digits.substring(0, NANO_DIGITS) : digits;
    int fraction = small(nanos);
    if (fraction < 0 || seconds < 0 || seconds > Long.MAX_VALUE / 1_000_000_000 - 1) {
      return false;
    }
    long scaled = fraction;
    for (int i = nanos.length(); i < NANO_DIGITS; i++) {
      scaled *= 10;
    }
    to.stamp = seconds * 1_000_000_000 + scaled;
    return true;
  }
}
