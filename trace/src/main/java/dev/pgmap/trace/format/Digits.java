package dev.pgmap.trace.format;

/** Appends numbers without allocating. */
public final class Digits {
  private Digits() {}

  /** Lower-case hexadecimal, unsigned, without a prefix. */
  public static void hex(StringBuilder out, long value) {
    for (int shift = 4 * hexDigits(value) - 4; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((int) (value >>> shift) & 0xf, 16));
    }
  }

  /** The same with leading zeros up to a number of digits. */
  public static void hex(StringBuilder out, long value, int digits) {
    out.repeat('0', Math.max(0, digits - hexDigits(value)));
    hex(out, value);
  }

  private static int hexDigits(long value) {
    return Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
  }

  /** Decimal, unsigned. */
  public static void unsigned(StringBuilder out, long value) {
    if (value >= 0) {
      out.append(value);
    } else {
      out.append(Long.toUnsignedString(value));
    }
  }
}
