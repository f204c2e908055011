package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.format.PrintFmt;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.StackTable;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event that the columns read, with what is known of it besides. Moved from event to event; for
 * one thread.
 */
final class Row {
  private final Symbols symbols;
  private final Map<EventFormat, PrintFmt> printFmts = new IdentityHashMap<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable TraceEvent event;

  /** The number of the event, from 1; stacks count, though they are no rows. */
  long step;

  /** The number of the event's stack in the table of stacks. */
  int stack = StackTable.NONE;

  /** The event as a change of a page's count; left as it was if it is none. */
  final PageRef ref = new PageRef();

  /** Before the first event. */
  Row(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Turns to the next event. */
  void show(TraceEvent next) {
    event = next;
  }

  /** The event; valid until the next one. */
  TraceEvent event() {
    if (event == null) {
      throw new IllegalStateException("the row shows no event yet");
    }
    return event;
  }

  /** What the event prints, without the line end that some formats have. */
  String text() {
    text.setLength(0);
    printFmts.computeIfAbsent(event().format(), PrintFmt::of).print(event(), symbols, text);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }
}
