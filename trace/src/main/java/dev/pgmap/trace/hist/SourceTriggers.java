package dev.pgmap.trace.hist;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.filter.TriggerActions;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.util.HashMap;
import java.util.Map;

/**
 * Feeds a recording to triggers: a histogram of what happened some time ago, by the very line that
 * would have counted it while it happened.
 *
 * <p>A stack follows its event on the same cpu and of the same task; an event whose histogram asks
 * for the stack waits for it. Reads the source once, in memory that does not depend on its length.
 * For one thread.
 */
public final class SourceTriggers {
  private static final long[] NO_STACK = {};

  private record Place(String buffer, int cpu) {}

  private final TriggerSet set;
  private final StackTable stacks = new StackTable();
  private final StackReader reader = new StackReader(stacks);
  private final Map<Place, EventCopy> waiting = new HashMap<>();

  private SourceTriggers(TriggerSet set) {
    this.set = set;
  }

  /** A set of triggers over the events of a source; plain triggers have no effect in it. */
  public static TriggerSet setOf(TraceSource source) {
    return new TriggerSet(source::events, source::symbols, TriggerActions.NONE);
  }

  /**
   * Goes through a source and fires the triggers of a set.
   *
   * @throws dev.pgmap.trace.event.TraceException if the source is damaged
   */
  public static void run(TraceSource source, TriggerSet set) {
    SourceTriggers run = new SourceTriggers(set);
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        run.take(cursor.event());
      }
    }
    run.waiting.values().forEach(event -> set.fired(event, NO_STACK));
  }

  private void take(TraceEvent event) {
    if (!waiting.isEmpty()) {
      EventCopy before = waiting.remove(new Place(event.buffer(), event.cpu()));
      if (before != null) {
        boolean own = StackReader.isStack(event.format()) && before.pid() == event.pid();
        set.fired(before, own ? stacks.frames(reader.read(event)) : NO_STACK);
      }
    }
    EventFormat format = event.format();
    if (!set.has(format)) {
      return;
    }
    if (set.needsStack(format)) {
      waiting.put(new Place(event.buffer(), event.cpu()), new EventCopy(event));
    } else {
      set.fired(event, NO_STACK);
    }
  }
}
