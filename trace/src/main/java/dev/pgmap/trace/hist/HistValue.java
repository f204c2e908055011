package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;

/** A number, text or stack that a histogram takes from an event. */
sealed interface HistValue {
  /** How a trigger's line names it. */
  String text();

  /** How the lines of a histogram name it. */
  default String label() {
    return text();
  }

  /** Whether it may be negative. */
  default boolean isSigned() {
    return false;
  }

  /** A number that an event has. */
  non-sealed interface Number extends HistValue {
    /**
     * The number.
     *
     * @param variables the values of the variables that the trigger refers to
     */
    long of(TraceEvent event, long[] variables);
  }

  /** A field. */
  record Field(EventField field) implements Number {
    @Override
    public String text() {
      return field.name();
    }

    @Override
    public boolean isSigned() {
      return field.signed();
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return event.number(field);
    }
  }

  /** How often: a sum of ones. */
  record Hitcount() implements Number {
    @Override
    public String text() {
      return "hitcount";
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return 1;
    }
  }

  /** When. */
  record Timestamp(boolean micros) implements Number {
    @Override
    public String text() {
      return "common_timestamp";
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return micros ? event.timestamp() / 1000 : event.timestamp();
    }
  }

  /** On which cpu. */
  record Cpu() implements Number {
    @Override
    public String text() {
      return "common_cpu";
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return event.cpu();
    }
  }

  /** A literal. */
  record Constant(long value) implements Number {
    @Override
    public String text() {
      return Long.toString(value);
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return value;
    }
  }

  /** {@code $name}. */
  record Reference(String name, int index) implements Number {
    @Override
    public String text() {
      return "$" + name;
    }

    @Override
    public String label() {
      return name;
    }

    @Override
    public boolean isSigned() {
      return true;
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      return variables[index];
    }
  }

  /** Two numbers and {@code +}, {@code -}, {@code *} or {@code /}; by zero is -1. */
  record Operation(char operator, Number left, Number right) implements Number {
    @Override
    public String text() {
      return left.text() + operator + right.text();
    }

    @Override
    public String label() {
      return left.label() + operator + right.label();
    }

    @Override
    public boolean isSigned() {
      return true;
    }

    @Override
    public long of(TraceEvent event, long[] variables) {
      long a = left.of(event, variables);
      long b = right.of(event, variables);
      return switch (operator) {
        case '+' -> a + b;
        case '-' -> a - b;
        case '*' -> a * b;
        default -> b == 0 ? -1 : a / b;
      };
    }
  }

  /** A field of chars. */
  record Text(EventField field) implements HistValue {
    @Override
    public String text() {
      return field.name();
    }

    String of(TraceEvent event) {
      return event.text(field);
    }
  }

  /** The name of the task. */
  record Comm() implements HistValue {
    @Override
    public String text() {
      return "common_comm";
    }
  }

  /** The stack of the event. */
  record Stack() implements HistValue {
    @Override
    public String text() {
      return "common_stacktrace";
    }
  }

  /** A field that holds addresses. */
  record StackField(EventField field) implements HistValue {
    @Override
    public String text() {
      return field.name();
    }

    long[] of(TraceEvent event) {
      long[] frames = new long[event.length(field)];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = event.element(field, i);
      }
      return frames;
    }
  }
}
