package dev.pgmap.trace.query;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes {@code 0x70200} a number, as it is in C: DuckDB would read 0, named x70200. */
final class HexLiterals {
  /** What must stay as it is, and in the last group what is looked for. */
  private static final Pattern TOKENS =
      Pattern.compile(
          "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\\n]*|/\\*(?s:.*?)\\*/"
              + "|\\b0[xX]([0-9a-fA-F]{1,16})\\b");

  private HexLiterals() {}

  /** The statement with hexadecimal numbers as decimal ones. */
  static String toDecimal(String sql) {
    return TOKENS.matcher(sql).replaceAll(HexLiterals::decimal);
  }

  private static String decimal(MatchResult found) {
    String digits = found.group(1);
    return digits == null
        ? Matcher.quoteReplacement(found.group())
        : Long.toUnsignedString(Long.parseUnsignedLong(digits, 16));
  }
}
