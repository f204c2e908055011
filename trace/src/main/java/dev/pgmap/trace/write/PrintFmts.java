package dev.pgmap.trace.write;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.format.PrintFmt;
import dev.pgmap.trace.format.Style;
import java.util.IdentityHashMap;
import java.util.Map;

/** The compiled print formats of a source, each made when its first event comes. */
final class PrintFmts {
  private final Style style;
  private final Symbols symbols;
  private final Map<EventFormat, PrintFmt> compiled = new IdentityHashMap<>();

  PrintFmts(Style style, Symbols symbols) {
    this.style = style;
    this.symbols = symbols;
  }

  /** Appends the text of an event. */
  void print(TraceEvent event, StringBuilder out) {
    compiled
        .computeIfAbsent(event.format(), format -> PrintFmt.of(format, style))
        .print(event, symbols, out);
  }
}
