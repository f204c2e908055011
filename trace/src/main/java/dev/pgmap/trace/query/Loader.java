package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.CallTracker;
import dev.pgmap.trace.refs.PageRefDecoder;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.duckdb.DuckDBAppender;

/** Goes through a recording once and fills tables of events. For one thread. */
final class Loader {
  private static final int INTERRUPT_CHECK_MASK = (1 << 12) - 1;

  /** A table that is being filled. */
  private record Filling(EventRows table, DuckDBAppender appender) {
    void append(Row row) throws SQLException {
      appender.beginRow();
      for (Column column : table.columns()) {
        column.value().append(appender, row);
      }
      appender.endRow();
    }
  }

  private final TraceSource source;
  private final PageRefDecoder decoder;
  private final StackTable stacks = new StackTable();
  private final CallTracker calls;
  private final List<Filling> fillings = new ArrayList<>();
  private final Map<EventFormat, List<Filling>> byFormat = new IdentityHashMap<>();

  Loader(TraceSource source, PageRefDecoder decoder) {
    this.source = source;
    this.decoder = decoder;
    this.calls = new CallTracker(source.symbols(), stacks);
  }

  /**
   * Fills tables, which must be empty.
   *
   * @param withStacks whether the number of an event's stack is wanted
   * @return the stacks; empty if they are not wanted
   * @throws CancellationException if the thread is interrupted
   */
  StackTable fill(List<EventRows> tables, DuckSession duck, boolean withStacks)
      throws SQLException {
    try {
      for (EventRows table : tables) {
        fillings.add(new Filling(table, duck.appender(table.name())));
      }
      if (withStacks && StackAhead.isNeededFor(source)) {
        try (StackAhead ahead = new StackAhead(source, stacks)) {
          pass(step -> ahead.of(step), true);
        }
      } else {
        pass(step -> StackTable.NONE, withStacks);
      }
    } finally {
      for (Filling filling : fillings) {
        filling.appender.close();
      }
    }
    return stacks;
  }

  private interface StackOf {
    int at(long step);
  }

  private void pass(StackOf recorded, boolean hints) throws SQLException {
    Row row = new Row(source.symbols());
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        if (!StackReader.isStack(cursor.event().format())) {
          row.show(cursor.event());
          row.stack = recorded.at(row.step);
          take(row, hints);
          checkInterrupted(row.step);
        }
      }
    }
  }

  private void take(Row row, boolean hints) throws SQLException {
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

  private static void checkInterrupted(long step) {
    if ((step & INTERRUPT_CHECK_MASK) == 0 && Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
