package dev.pgmap.trace.format;

import dev.pgmap.trace.event.TraceEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A conversion of a printf format, such as {@code %#5lx}.
 *
 * @param flags of {@code -+ #0}
 * @param width the least number of characters; 0 if not given
 * @param starWidth where the width is an argument
 * @param precision -1 if not given
 * @param starPrecision where the precision is an argument
 * @param bits of the number, by the length modifiers
 * @param type d, u, x, X, o, c, s or p; i is d
 * @param extension the letters after {@code %p}
 */
record Conversion(
    String flags,
    int width,
    Expr.@Nullable Number starWidth,
    int precision,
    Expr.@Nullable Number starPrecision,
    int bits,
    char type,
    String extension) {

  /** The widest field printed; a recording may ask for any. */
  static final int MAX_WIDTH = 4096;

  /** Appends a number. */
  void number(StringBuilder out, TraceEvent event, long value, Style style) {
    if (type == 'c') {
      pad(out, out.append((char) (value & 0xff)).length() - 1, event);
      return;
    }
    int start = out.length();
    long cut = new CType(bits, type == 'd').wrap(value);
    boolean negative = type == 'd' && cut < 0;
    out.append(negative ? "-" : sign()).append(prefix(cut, style));
    int digitsAt = out.length();
    digits(out, negative ? -cut : cut);
    int least = leastDigits(event, digitsAt - start);
    out.insert(digitsAt, "0".repeat(Math.max(0, least - (out.length() - digitsAt))));
    pad(out, start, event);
  }

  private String sign() {
    if (type != 'd') {
      return "";
    }
    return has('+') ? "+" : has(' ') ? " " : "";
  }

  /** The kernel prints {@code 0x} before 0 as well; the C library does not. */
  private String prefix(long value, Style style) {
    if (!has('#') || value == 0 && style == Style.TRACE_CMD) {
      return "";
    }
    return switch (type) {
      case 'x' -> "0x";
      case 'X' -> "0X";
      case 'o' -> "0";
      default -> "";
    };
  }

  private void digits(StringBuilder out, long value) {
    switch (type) {
      case 'x' -> Digits.hex(out, value);
      case 'X' -> out.append(Long.toHexString(value).toUpperCase(Locale.ROOT));
      case 'o' -> out.append(Long.toOctalString(value));
      default -> Digits.unsigned(out, value);
    }
  }

  private int leastDigits(TraceEvent event, int before) {
    int wanted = precision(event);
    if (wanted >= 0) {
      return wanted;
    }
    return has('0') && !has('-') ? width(event) - before : 0;
  }

  /** Cuts the text from {@code start} on to the precision, and pads it to the width. */
  void text(StringBuilder out, int start, TraceEvent event) {
    int most = precision(event);
    if (most >= 0 && out.length() - start > most) {
      out.setLength(start + most);
    }
    pad(out, start, event);
  }

  /** Pads the text from {@code start} on to the width. */
  void pad(StringBuilder out, int start, TraceEvent event) {
    int wide = width(event);
    int missing = Math.abs(wide) - (out.length() - start);
    if (missing <= 0) {
      return;
    }
    if (wide < 0 || has('-')) {
      out.repeat(' ', missing);
    } else {
      out.insert(start, " ".repeat(missing));
    }
  }

  /** The width; negative asks for padding on the right. */
  int width(TraceEvent event) {
    return starWidth == null
        ? width
        : Math.clamp((long) (int) starWidth.of(event), -MAX_WIDTH, MAX_WIDTH);
  }

  private int precision(TraceEvent event) {
    return starPrecision == null
        ? precision
        : Math.clamp((long) (int) starPrecision.of(event), -1, MAX_WIDTH);
  }

  private boolean has(char flag) {
    return flags.indexOf(flag) >= 0;
  }
}
