package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import org.jspecify.annotations.Nullable;

/** The numeric expressions of a {@code print fmt}. */
final class Numbers {
  private Numbers() {}

  /** The value of an expression that is the same for every event; null of any other. */
  static @Nullable Long constant(Expr.Number number) {
    return switch (number) {
      case Constant constant -> constant.value();
      case Name name -> name.value();
      default -> null;
    };
  }

  /** A binary operation; of two constants, their result. */
  static Expr.Number binary(
      Operator operator, Expr.Number left, Expr.Number right, CType operands, CType type) {
    Long a = constant(left);
    Long b = constant(right);
    return a != null && b != null
        ? new Constant(type.wrap(operator.apply(operands.wrap(a), b, operands)), type)
        : new Binary(operator, left, right, operands, type);
  }

  /** A unary operation; of a constant, its result. */
  static Expr.Number unary(char operator, Expr.Number operand, CType type) {
    Long value = constant(operand);
    return value != null
        ? new Constant(Unary.apply(operator, value, type), type)
        : new Unary(operator, operand, type);
  }

  /** A cast; of a constant, its result. */
  static Expr.Number cast(Expr.Number operand, CType target, CType type) {
    return switch (operand) {
      case Constant constant -> new Constant(target.wrap(constant.value()), type);
      case Name name -> new Name(name.name(), target.wrap(name.value()), type);
      default -> new Cast(operand, target, type);
    };
  }

  /** A constant. */
  record Constant(long value, CType type) implements Expr.Number {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public long of(TraceEvent event) {
      return value;
    }
  }

  /** A name that was no field: of an enum, which the format does not resolve. */
  record Name(String name, long value, CType type) implements Expr.Number {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public long of(TraceEvent event) {
      return value;
    }
  }

  /**
   * {@code REC->field}.
   *
   * @param stored the type in the record
   */
  record Field(EventField field, CType stored, CType type) implements Expr.Number {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public long of(TraceEvent event) {
      return stored.wrap(event.number(field));
    }
  }

  /** {@code REC->field[index]}; 0 beyond the end. */
  record Element(EventField field, Expr.Number index, CType stored, CType type)
      implements Expr.Number {
    @Override
    public int depth() {
      return index.depth() + 1;
    }

    @Override
    public long of(TraceEvent event) {
      return stored.wrap(Fields.element(event, field, index.of(event)));
    }
  }

  /** Bytes of a field: {@code __get_dynamic_array_len}. */
  record Length(EventField field) implements Expr.Number {
    @Override
    public int depth() {
      return 1;
    }

    @Override
    public CType type() {
      return CType.S32;
    }

    @Override
    public long of(TraceEvent event) {
      return Fields.bytes(event, field);
    }
  }

  /** A cast to {@code target}. */
  record Cast(Expr.Number operand, CType target, CType type) implements Expr.Number {
    @Override
    public int depth() {
      return operand.depth() + 1;
    }

    @Override
    public long of(TraceEvent event) {
      return target.wrap(operand.of(event));
    }
  }

  /** {@code -a}, {@code ~a}, {@code !a}. */
  record Unary(char operator, Expr.Number operand, CType type) implements Expr.Number {
    @Override
    public int depth() {
      return operand.depth() + 1;
    }

    @Override
    public long of(TraceEvent event) {
      return apply(operator, operand.of(event), type);
    }

    static long apply(char operator, long value, CType type) {
      return switch (operator) {
        case '-' -> type.wrap(-value);
        case '~' -> type.wrap(~value);
        default -> value == 0 ? 1 : 0;
      };
    }
  }

  /** A binary operator; division by zero gives 0. */
  record Binary(Operator operator, Expr.Number left, Expr.Number right, CType operands, CType type)
      implements Expr.Number {
    @Override
    public int depth() {
      return Math.max(left.depth(), right.depth()) + 1;
    }

    @Override
    public long of(TraceEvent event) {
      long a = operands.wrap(left.of(event));
      if (operator == Operator.AND_ALSO && a == 0) {
        return 0;
      }
      if (operator == Operator.OR_ELSE && a != 0) {
        return 1;
      }
      return type.wrap(operator.apply(a, right.of(event), operands));
    }
  }

  /** {@code condition ? whenTrue : whenFalse}. */
  record Choice(Expr.Number condition, Expr.Number whenTrue, Expr.Number whenFalse, CType type)
      implements Expr.Number {
    @Override
    public int depth() {
      return Math.max(condition.depth(), Math.max(whenTrue.depth(), whenFalse.depth())) + 1;
    }

    @Override
    public long of(TraceEvent event) {
      return type.wrap((condition.of(event) != 0 ? whenTrue : whenFalse).of(event));
    }
  }
}
