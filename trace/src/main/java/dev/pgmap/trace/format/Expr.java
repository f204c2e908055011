package dev.pgmap.trace.format;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;

/** What an argument of a {@code print fmt} says: a number, a text, or the bytes of a field. */
sealed interface Expr {
  /** How deep the expression nests; the parser bounds it, so that evaluation may recurse. */
  int depth();

  /** A number. */
  non-sealed interface Number extends Expr {
    /** The C type, which decides how it compares, divides and shifts. */
    CType type();

    /** The value for an event, wrapped to the type. */
    long of(TraceEvent event);
  }

  /** A text. */
  non-sealed interface Text extends Expr {
    /** Appends the text for an event. */
    void appendTo(StringBuilder out, TraceEvent event);
  }

  /** A field that holds more than one number: an array, or bytes that something points to. */
  record Place(EventField field) implements Expr {
    @Override
    public int depth() {
      return 1;
    }
  }
}
