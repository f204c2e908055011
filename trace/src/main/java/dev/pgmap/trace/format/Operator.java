package dev.pgmap.trace.format;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A binary operator of C, with its precedence: a higher one binds tighter. */
enum Operator {
  OR_ELSE("||", 1),
  AND_ALSO("&&", 2),
  OR("|", 3),
  XOR("^", 4),
  AND("&", 5),
  EQUAL("==", 6),
  UNEQUAL("!=", 6),
  LESS("<", 7),
  LESS_EQUAL("<=", 7),
  GREATER(">", 7),
  GREATER_EQUAL(">=", 7),
  SHIFT_LEFT("<<", 8),
  SHIFT_RIGHT(">>", 8),
  PLUS("+", 9),
  MINUS("-", 9),
  TIMES("*", 10),
  DIVIDE("/", 10),
  MODULO("%", 10);

  private static final Map<String, Operator> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(o -> o.text, Function.identity()));

  private final String text;
  private final int precedence;

  Operator(String text, int precedence) {
    this.text = text;
    this.precedence = precedence;
  }

  static @Nullable Operator of(String text) {
    return BY_TEXT.get(text);
  }

  int precedence() {
    return precedence;
  }

  /** Whether the result is 0 or 1, an int, whatever is compared. */
  boolean isTruth() {
    return precedence <= 2 || precedence == 6 || precedence == 7;
  }

  /** The type that the operands are converted to. */
  CType operands(CType left, CType right) {
    if (this == OR_ELSE || this == AND_ALSO) {
      return CType.U64;
    }
    return isShift() ? left.promoted() : CType.common(left, right);
  }

  private boolean isShift() {
    return precedence == 8;
  }

  /**
   * The result, not yet wrapped.
   *
   * @param a wrapped to {@code type}
   * @param type of both operands after conversion; of the left one for a shift
   */
  long apply(long a, long right, CType type) {
    long b = isShift() ? right : type.wrap(right);
    return switch (this) {
      case OR_ELSE -> truth(a != 0 || b != 0);
      case AND_ALSO -> truth(a != 0 && b != 0);
      case OR -> a | b;
      case XOR -> a ^ b;
      case AND -> a & b;
      case EQUAL -> truth(a == b);
      case UNEQUAL -> truth(a != b);
      case LESS -> truth(compare(a, b, type) < 0);
      case LESS_EQUAL -> truth(compare(a, b, type) <= 0);
      case GREATER -> truth(compare(a, b, type) > 0);
      case GREATER_EQUAL -> truth(compare(a, b, type) >= 0);
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> type.signed() ? a >> b : a >>> b;
      case PLUS -> a + b;
      case MINUS -> a - b;
      case TIMES -> a * b;
      case DIVIDE -> b == 0 ? 0 : type.signed() ? a / b : Long.divideUnsigned(a, b);
      case MODULO -> b == 0 ? 0 : type.signed() ? a % b : Long.remainderUnsigned(a, b);
    };
  }

  private static int compare(long a, long b, CType type) {
    return type.signed() ? Long.compare(a, b) : Long.compareUnsigned(a, b);
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }
}
