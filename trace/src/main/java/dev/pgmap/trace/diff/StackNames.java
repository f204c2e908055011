package dev.pgmap.trace.diff;

import java.util.List;
import java.util.stream.Collectors;

/** Stacks as they compare between recordings: by functions, not addresses. */
final class StackNames {
  /** A function that no symbol covers: its address means nothing in another recording. */
  static final String UNKNOWN = "?";

  private StackNames() {}

  /** Functions, innermost first; empty if there are none. */
  static String text(List<String> functions) {
    return functions.stream()
        .map(function -> function.startsWith("0x") ? UNKNOWN : function)
        .collect(Collectors.joining(" < "));
  }
}
