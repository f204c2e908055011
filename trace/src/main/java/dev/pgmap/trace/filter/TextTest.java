package dev.pgmap.trace.filter;

import dev.pgmap.trace.ring.Words;
import org.jspecify.annotations.Nullable;

/**
 * What a text is compared with: {@code ==}, {@code !=} or {@code ~}.
 *
 * @param wanted the text to be equal to
 * @param glob the pattern to match; null for equality
 * @param negated whether the opposite is asked
 */
record TextTest(String wanted, @Nullable Glob glob, boolean negated) {

  /** A pattern may begin with {@code !}, which turns it round. */
  static TextTest of(Comparison comparison, String operand) {
    if (comparison != Comparison.GLOB) {
      return new TextTest(operand, null, comparison == Comparison.NE);
    }
    boolean negated = operand.startsWith("!");
    String pattern = negated ? operand.substring(1) : operand;
    return new TextTest(pattern, new Glob(pattern), negated);
  }

  boolean holds(String text) {
    return (glob != null ? glob.matches(text) : wanted.equals(text)) != negated;
  }

  boolean holds(long address, int bytes) {
    return (glob != null ? glob.matches(address, bytes) : equal(address, bytes)) != negated;
  }

  private boolean equal(long address, int bytes) {
    if (bytes != wanted.length()) {
      return false;
    }
    for (int i = 0; i < bytes; i++) {
      if (Words.getByte(address + i) != wanted.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
