package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import java.util.List;
import java.util.NoSuchElementException;

/** What a {@link SourceBuilder} builds. */
record BuiltSource(
    String name,
    EventTable events,
    Symbols symbols,
    Comms comms,
    TraceClock clock,
    int nrCpus,
    List<BuiltEvent> all)
    implements TraceSource {

  @Override
  public TraceCursor open() {
    return new Cursor(all);
  }

  @Override
  public void close() {
    // Nothing to give back.
  }

  private static final class Cursor implements TraceCursor {
    private final List<BuiltEvent> all;
    private int index = -1;

    Cursor(List<BuiltEvent> all) {
      this.all = all;
    }

    @Override
    public boolean next() {
      index = Math.min(index + 1, all.size());
      return index < all.size();
    }

    @Override
    public TraceEvent event() {
      if (index < 0 || index >= all.size()) {
        throw new NoSuchElementException("the cursor stands on no event");
      }
      return all.get(index);
    }

    @Override
    public void close() {
      // Nothing to give back.
    }
  }
}
