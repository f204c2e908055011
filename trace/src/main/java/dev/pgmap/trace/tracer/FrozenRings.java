package dev.pgmap.trace.tracer;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.record.FrozenLane;
import dev.pgmap.trace.record.Recorder;
import dev.pgmap.trace.ring.CpuEvents;
import dev.pgmap.trace.ring.MergeCursor;
import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.PageReader;
import dev.pgmap.trace.ring.Pages;
import dev.pgmap.trace.ring.RawPages;
import dev.pgmap.trace.ring.RecordShapes;
import dev.pgmap.trace.ring.RecordView;
import dev.pgmap.trace.ring.StampRule;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A copy of a recorder's rings as a recording. Immutable. */
final class FrozenRings implements TraceSource, RawPages {
  private final String name;
  private final EventTable events;
  private final Symbols symbols;
  private final TraceClock clock;
  private final Comms comms;
  private final List<FrozenLane> lanes;

  FrozenRings(
      String name, EventTable events, Symbols symbols, Recorder recorder, List<FrozenLane> lanes) {
    this.name = name;
    this.events = events;
    this.symbols = symbols;
    this.clock = recorder.clock().asTraceClock();
    this.comms = new Comms(recorder.comms());
    this.lanes = List.copyOf(lanes);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public EventTable events() {
    return events;
  }

  @Override
  public Symbols symbols() {
    return symbols;
  }

  @Override
  public Comms comms() {
    return comms;
  }

  @Override
  public TraceClock clock() {
    return clock;
  }

  @Override
  public int nrCpus() {
    return Math.max(1, lanes.size());
  }

  @Override
  public TraceCursor open() {
    OrderedWords words = new OrderedWords(ByteOrder.nativeOrder());
    RecordShapes shapes = new RecordShapes(events, words);
    List<CpuEvents> cpus = new ArrayList<>();
    for (FrozenLane lane : lanes) {
      PageReader reader = new PageReader(words, Long.BYTES, name);
      cpus.add(
          new CpuEvents(
              new LanePages(name, lane), reader, shapes, StampRule.AS_RECORDED, "", lane.cpu()));
    }
    return new MergeCursor(cpus, new RecordView(words, comms::of));
  }

  /** The pages of one lane, one after another. */
  private static final class LanePages implements Pages {
    private final String source;
    private final FrozenLane lane;
    private int index = -1;

    LanePages(String source, FrozenLane lane) {
      this.source = source;
      this.lane = lane;
    }

    @Override
    public boolean next() {
      return ++index < lane.pages().size();
    }

    @Override
    public MemorySegment memory() {
      return lane.pages().get(index);
    }

    @Override
    public long offset() {
      return 0;
    }

    @Override
    public int bytes() {
      return FrozenLane.pageBytes();
    }

    @Override
    public long place() {
      return (long) index * FrozenLane.pageBytes();
    }

    @Override
    public String source() {
      return source;
    }
  }

  @Override
  public int pageBytes() {
    return FrozenLane.pageBytes();
  }

  @Override
  public long nrPages(int cpu) {
    return cpu < lanes.size() ? lanes.get(cpu).pages().size() : 0;
  }

  @Override
  public void copyPage(int cpu, long index, MemorySegment to) {
    to.copyFrom(lanes.get(cpu).pages().get((int) index));
  }

  @Override
  public void close() {
    // The pages are the collector's.
  }
}
