package dev.pgmap.bench;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.KernelFormats;
import dev.pgmap.trace.format.KernelSeries;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A recording of any length, made up while it is read: two tasks on two cpus pin pages and unpin
 * them, as fast pins of a 7.2 kernel show in page_ref. Immutable.
 */
final class MadeRecording implements TraceSource {
  static final int NR_CPUS = 2;
  static final int FIRST_PID = 4242;

  private static final int FIRST_ID = 1001;

  private final long nrEvents;
  private final List<EventFormat> formats;
  private final EventTable table;

  MadeRecording(long nrEvents) {
    this.nrEvents = nrEvents;
    KernelFormats kernel = new KernelFormats(KernelSeries.V7_2);
    this.formats =
        Stream.of("page_ref_mod_unless", "page_ref_mod", "page_ref_mod_and_test")
            .map(name -> kernel.format("page_ref", name, FIRST_ID + name.length()))
            .toList();
    this.table = new EventTable(formats);
  }

  @Override
  public String name() {
    return "made";
  }

  @Override
  public EventTable events() {
    return table;
  }

  @Override
  public Symbols symbols() {
    return Symbols.NONE;
  }

  @Override
  public Comms comms() {
    return new Comms(Map.of(FIRST_PID, "gup_test", FIRST_PID + 1, "gup_test"));
  }

  @Override
  public TraceClock clock() {
    return TraceClock.named("local");
  }

  @Override
  public int nrCpus() {
    return NR_CPUS;
  }

  @Override
  public TraceCursor open() {
    MadeEvent event = new MadeEvent(formats, comms());
    return new TraceCursor() {
      @Override
      public boolean next() {
        return event.moveOn() <= nrEvents;
      }

      @Override
      public TraceEvent event() {
        return event;
      }

      @Override
      public void close() {
        // There is nothing to give back.
      }
    };
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }
}
