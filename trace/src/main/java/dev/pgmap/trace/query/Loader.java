package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.CallTracker;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Goes through a recording once and fills tables of events. For one thread. */
final class Loader {
  /** A table that is being filled. */
  private record Filling(EventRows table, TableAppender appender) {
    void append(Row row) {
      appender.beginRow();
      for (Column column : table.columns()) {
        column.value().append(appender, row);
      }
      appender.endRow();
    }
  }

  private final TraceSource source;
  private final PageRefDecoder decoder;
  private final StackTable stacks;
  private final CallTracker calls;
  private final List<Filling> fillings = new ArrayList<>();
  private final Map<EventFormat, List<Filling>> byFormat = new IdentityHashMap<>();

  /**
   * A loader.
   *
   * @param stacks gets the stacks of events, if they are wanted
   */
  Loader(TraceSource source, PageRefDecoder decoder, StackTable stacks) {
    this.source = source;
    this.decoder = decoder;
    this.stacks = stacks;
    this.calls = new CallTracker(source.symbols(), stacks);
  }

  /**
   * Fills tables, which must be empty.
   *
   * @param withStacks whether the number of an event's stack is wanted
   */
  void fill(List<EventRows> tables, DuckSession duck, boolean withStacks) {
    try {
      for (EventRows table : tables) {
        fillings.add(new Filling(table, duck.appender(table.name())));
      }
      if (withStacks && StackAhead.isNeededFor(source)) {
        try (StackAhead ahead = new StackAhead(source, stacks)) {
          pass(ahead::of, true);
        }
      } else {
        pass(step -> StackTable.NONE, withStacks);
      }
    } finally {
      fillings.forEach(filling -> filling.appender.close());
    }
  }

  private interface StackOf {
    int at(long step);
  }

  private void pass(StackOf recorded, boolean hints) {
    Row row = new Row(source.symbols());
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        row.step++;
        if (!StackReader.isStack(cursor.event().format())) {
          row.show(cursor.event());
          row.stack = recorded.at(row.step);
          take(row, hints);
        }
      }
    }
  }

  private void take(Row row, boolean hints) {
    TraceEvent event = row.event();
    if (hints && CallTracker.isCall(event.format())) {
      calls.note(event);
    }
    boolean isRef = decoder.decode(event, row.ref);
    if (hints && isRef && row.stack == StackTable.NONE) {
      row.stack = calls.last(event.pid());
    }
    for (Filling filling : byFormat.computeIfAbsent(event.format(), this::takers)) {
      filling.append(row);
    }
  }

  private List<Filling> takers(EventFormat format) {
    return fillings.stream().filter(filling -> filling.table.takes().test(format)).toList();
  }
}
