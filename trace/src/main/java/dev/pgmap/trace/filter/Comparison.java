package dev.pgmap.trace.filter;

import org.jspecify.annotations.Nullable;

/** An operator of a filter; one that is another's prefix comes after it. */
enum Comparison {
  EQ("=="),
  NE("!="),
  GLOB("~"),
  LE("<="),
  LT("<"),
  GE(">="),
  GT(">"),
  BAND("&");

  private final String text;

  Comparison(String text) {
    this.text = text;
  }

  /** The operator at a place of a line; null if there is none. */
  static @Nullable Comparison at(String line, int position) {
    for (Comparison comparison : values()) {
      if (line.startsWith(comparison.text, position)) {
        return comparison;
      }
    }
    return null;
  }

  int length() {
    return text.length();
  }

  /**
   * Whether a number compares so with another.
   *
   * @param signed whether the order is that of signed numbers
   */
  boolean holds(long left, long right, boolean signed) {
    return switch (this) {
      case EQ -> left == right;
      case NE -> left != right;
      case BAND -> (left & right) != 0;
      case LE -> order(left, right, signed) <= 0;
      case LT -> order(left, right, signed) < 0;
      case GE -> order(left, right, signed) >= 0;
      case GT -> order(left, right, signed) > 0;
      case GLOB -> false;
    };
  }

  private static int order(long left, long right, boolean signed) {
    return signed ? Long.compare(left, right) : Long.compareUnsigned(left, right);
  }
}
