package dev.pgmap.trace.format;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;

/** A part of a compiled {@code print fmt}. */
interface Piece {
  /** Appends its text for an event. */
  void appendTo(StringBuilder out, TraceEvent event, Symbols symbols);

  /** What stands between the conversions. */
  record Literal(String text) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      out.append(text);
    }
  }

  /** A conversion of a number. */
  record NumberPiece(Conversion conversion, Expr.Number argument, Style style) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      conversion.number(out, event, argument.of(event), style);
    }
  }

  /** A conversion of a text. */
  record TextPiece(Conversion conversion, Expr.Text argument) implements Piece {
    @Override
    public void appendTo(StringBuilder out, TraceEvent event, Symbols symbols) {
      int start = out.length();
      argument.appendTo(out, event);
      conversion.text(out, start, event);
    }
  }
}
