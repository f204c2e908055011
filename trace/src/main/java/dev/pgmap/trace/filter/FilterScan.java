package dev.pgmap.trace.filter;

import java.util.ArrayDeque;
import java.util.Deque;

/** The first look at a filter: that quotes and parentheses match, and that there is a term. */
final class FilterScan {
  private FilterScan() {}

  static void check(String line) {
    Deque<Integer> open = new ArrayDeque<>();
    boolean terms = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '\'', '"' -> i = closing(line, i);
        case '(' -> open.push(i);
        case ')' -> {
          if (open.isEmpty()) {
            throw FilterProblem.TOO_MANY_CLOSE.at(line, i);
          }
          open.pop();
        }
        default -> terms |= !Character.isWhitespace(c) && "&|".indexOf(c) < 0;
      }
    }
    if (!open.isEmpty()) {
      throw FilterProblem.TOO_MANY_OPEN.at(line, open.peek());
    }
    if (!terms) {
      throw FilterProblem.ERRNO.at(line, 0);
    }
  }

  private static int closing(String line, int quote) {
    int end = line.indexOf(line.charAt(quote), quote + 1);
    if (end < 0) {
      throw FilterProblem.MISSING_QUOTE.at(line, quote);
    }
    return end;
  }
}
