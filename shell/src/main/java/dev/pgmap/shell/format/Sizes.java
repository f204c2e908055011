package dev.pgmap.shell.format;

import dev.pgmap.shell.session.CommandException;
import java.util.Locale;

/** Sizes as ndctl reads and prints them. */
public final class Sizes {
  private static final String EXPECTED =
      "a number of bytes, decimal or 0x..., with K, M, G or T for powers of 1024";
  private static final String SUFFIXES = "KMGT";
  private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB"};
  private static final String[] DECIMAL = {"KB", "MB", "GB", "TB"};

  private Sizes() {}

  /**
   * Reads a size such as {@code 16384M}, {@code 2G} or {@code 0x200000}.
   *
   * @param what what it is the size of, for the message
   * @throws CommandException if it is none, or does not fit in 63 bits
   */
  public static long parse(String what, String text) {
    String digits = text;
    int shift = 0;
    if (!text.isEmpty()) {
      int unit = SUFFIXES.indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
      if (unit >= 0) {
        shift = 10 * (unit + 1);
        digits = text.substring(0, text.length() - 1);
      }
    }
    long number = Numbers.parseUnsigned(digits);
    if (number < 0 || number > Long.MAX_VALUE >> shift) {
      throw CommandException.badValue(what, text, EXPECTED);
    }
    return number << shift;
  }

  /** The size in the shortest exact form: {@code 2M} for 2,097,152. */
  public static String brief(long bytes) {
    int unit = 0;
    long rest = bytes;
    while (rest != 0 && (rest & 1023) == 0 && unit < SUFFIXES.length()) {
      rest >>= 10;
      unit++;
    }
    return unit == 0 ? Long.toString(bytes) : rest + SUFFIXES.substring(unit - 1, unit);
  }

  /** As {@code ndctl list -u} prints it: {@code 62.00 MiB (65.01 MB)}. */
  public static String human(long bytes) {
    if (bytes < 1024) {
      return Long.toString(bytes);
    }
    int binary = Math.min(3, (63 - Long.numberOfLeadingZeros(bytes)) / 10 - 1);
    int decimal = 0;
    double unit = 1e3;
    while (decimal < 3 && bytes >= unit * 1e3) {
      unit *= 1e3;
      decimal++;
    }
    return String.format(
        Locale.ROOT,
        "%.2f %s (%.2f %s)",
        bytes / (double) (1L << 10 * (binary + 1)),
        BINARY[binary],
        bytes / unit,
        DECIMAL[decimal]);
  }
}
