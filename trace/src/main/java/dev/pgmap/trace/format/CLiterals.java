package dev.pgmap.trace.format;

import java.util.Locale;

/** The literals of C. */
final class CLiterals {
  private CLiterals() {}

  /** A decimal, octal or hexadecimal number with its suffix. */
  static Expr.Number number(String literal, Style style) {
    String text = literal.toLowerCase(Locale.ROOT);
    int end = text.length();
    while (end > 1 && "ul".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    String suffix = text.substring(end);
    boolean hex = text.startsWith("0x");
    boolean octal = !hex && end > 1 && text.charAt(0) == '0';
    long value = parse(text.substring(hex ? 2 : 0, end), hex ? 16 : octal ? 8 : 10);
    return new Numbers.Constant(
        value, style == Style.TRACE_CMD ? CType.U64 : type(value, suffix, hex || octal));
  }

  private static CType type(long value, String suffix, boolean mayBeUnsigned) {
    boolean unsigned = suffix.contains("u");
    if (!suffix.contains("l")) {
      if (!unsigned && value >= 0 && value <= Integer.MAX_VALUE) {
        return CType.S32;
      }
      if ((unsigned || mayBeUnsigned) && value >>> 32 == 0) {
        return CType.U32;
      }
    }
    return unsigned || value < 0 ? CType.U64 : CType.S64;
  }

  private static long parse(String digits, int radix) {
    try {
      return Long.parseUnsignedLong(digits, radix);
    } catch (NumberFormatException e) {
      throw new UnparsableFormat("'%s' is no number".formatted(Excerpt.of(digits)));
    }
  }

  /** The code of what stands between single quotes. */
  static long character(String content) {
    String text = unescape(content);
    if (text.length() != 1) {
      throw new UnparsableFormat("'%s' is no character".formatted(Excerpt.of(content)));
    }
    return text.charAt(0);
  }

  /** What stands between double quotes, with its escapes resolved as libtraceevent does. */
  static String unescape(String content) {
    if (content.indexOf('\\') < 0) {
      return content;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c == '\\' && i + 1 < content.length()) {
        c = content.charAt(++i);
        text.append(
            switch (c) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case '0' -> '\0';
              default -> c;
            });
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
