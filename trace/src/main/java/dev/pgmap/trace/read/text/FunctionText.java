package dev.pgmap.trace.read.text;

import org.jspecify.annotations.Nullable;

/** Functions as traces print them: with an offset, a module or an address beside the name. */
final class FunctionText {
  private static final String UNKNOWN = "[unknown]";

  private FunctionText() {}

  /**
   * The name alone, such as {@code follow_page_pte} of {@code follow_page_pte+0x12/0x80 [mod]};
   * {@code 0x} and an address if that is all there is.
   */
  static String name(String text) {
    String stripped = text.strip();
    int end = 0;
    while (end < stripped.length() && !isEnd(stripped.charAt(end))) {
      end++;
    }
    String name = stripped.substring(0, end);
    if (!name.isEmpty() && !name.equals("??")) {
      return name;
    }
    String address = address(stripped);
    return address != null ? address : stripped.startsWith(UNKNOWN) ? UNKNOWN : name;
  }

  private static boolean isEnd(char c) {
    return c == '+' || c == ' ' || c == '\t' || c == '[' || c == '<' || c == '(' || c == ',';
  }

  /** An address in angle brackets. */
  private static @Nullable String address(String text) {
    int from = text.indexOf('<');
    int to = text.indexOf('>', from + 1);
    if (from < 0 || to < 0 || TextNumbers.hex(text.substring(from + 1, to)) == null) {
      return null;
    }
    return "0x" + text.substring(from + 1, to);
  }
}
