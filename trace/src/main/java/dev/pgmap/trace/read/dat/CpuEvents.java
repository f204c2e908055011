package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.ring.PageReader;
import dev.pgmap.trace.ring.RecordShape;
import dev.pgmap.trace.ring.RecordShapes;
import dev.pgmap.trace.ring.RecordView;
import java.lang.foreign.MemorySegment;

/** The events of one cpu of one buffer, in the order of its pages. For one thread. */
final class CpuEvents {
  private final Pages pages;
  private final PageReader reader;
  private final RecordShapes shapes;
  private final StampRule stamps;
  private final String buffer;
  private final int cpu;

  /** What was lost before a page without events. */
  private long lostBefore;

  private RecordShape shape;
  private long stamp;
  private long lost;

  CpuEvents(
      Pages pages,
      PageReader reader,
      RecordShapes shapes,
      StampRule stamps,
      String buffer,
      int cpu) {
    this.pages = pages;
    this.reader = reader;
    this.shapes = shapes;
    this.stamps = stamps;
    this.buffer = buffer;
    this.cpu = cpu;
    this.shape = shapes.unknown(0);
  }

  /**
   * Moves to the next event.
   *
   * @return false at the end
   * @throws TraceException if the page is damaged
   */
  boolean next() {
    while (!reader.next()) {
      lostBefore = sum(lostBefore, reader.lost());
      if (!pages.next()) {
        return false;
      }
      reader.begin(pages.memory(), pages.offset(), pages.bytes(), pages.place());
    }
    shape = shape();
    stamp = stamps.apply(reader.timestamp());
    lost = sum(lostBefore, reader.lost());
    lostBefore = 0;
    return true;
  }

  private static long sum(long first, long second) {
    return first < 0 || second < 0 ? TraceEvent.LOST_UNCOUNTED : first + second;
  }

  private RecordShape shape() {
    int bytes = reader.recordBytes();
    if (bytes < shapes.leastBytes()) {
      throw tooShort("an event of %d bytes".formatted(bytes), shapes.leastBytes());
    }
    RecordShape found = shapes.at(pages.memory(), reader.recordOffset());
    if (bytes < found.leastBytes()) {
      throw tooShort(
          "an event %s of %d bytes".formatted(found.format(), bytes), found.leastBytes());
    }
    return found;
  }

  private TraceException tooShort(String found, int least) {
    return TraceException.at(
        pages.source(),
        reader.recordPlace(),
        found,
        "at least " + least,
        "the recording is damaged");
  }

  /** When the event was. */
  long stamp() {
    return stamp;
  }

  /** Turns a view to the event; good until the next move. */
  void show(RecordView view) {
    MemorySegment memory = pages.memory();
    view.show(shape, memory, reader.recordOffset(), reader.recordBytes());
    view.happened(stamp, cpu, lost, buffer);
  }
}
