package dev.pgmap.trace.record;

import dev.pgmap.trace.ring.OrderedWords;
import dev.pgmap.trace.ring.PageReader;
import dev.pgmap.trace.ring.RingPage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of what a lane held at a moment and nobody had consumed: pages, the oldest first, that do
 * not change any more. Where events are missing before a page, its commit says so as the kernel's
 * does. Immutable.
 */
public final class FrozenLane {
  private final Lane lane;
  private final LaneBuffer buffer;
  private final List<MemorySegment> pages = new ArrayList<>();
  private final long written;

  /** What is before the page to be copied next. */
  private Lane.Consumed reached;

  /** The number of the last page; -1 if there is none. */
  private long lastPage = -1;

  private long events;

  private FrozenLane(Lane lane, LaneBuffer buffer) {
    this.lane = lane;
    this.buffer = buffer;
    this.written = lane.kept();
    this.reached = start(lane.consumed(), buffer);
  }

  private static Lane.Consumed start(Lane.Consumed consumed, LaneBuffer buffer) {
    return new Lane.Consumed(
        Math.max(consumed.kept(), buffer.keptAtStart()),
        Math.max(consumed.lost(), buffer.lostAtStart()),
        consumed.read());
  }

  /** Copies a lane while its owner goes on. */
  public static FrozenLane of(Lane lane) {
    return of(lane, lane.buffer());
  }

  /** Nothing of a lane. */
  public static FrozenLane emptyOf(Lane lane) {
    return new FrozenLane(lane, lane.buffer());
  }

  /** Copies a ring that the lane has or had. */
  static FrozenLane of(Lane lane, LaneBuffer buffer) {
    FrozenLane frozen = new FrozenLane(lane, buffer);
    long end = buffer.begun();
    for (long number = Math.max(buffer.oldest(), buffer.consumed()); number < end; number++) {
      frozen.copy(number);
    }
    return frozen;
  }

  private void copy(long number) {
    MemorySegment page = Arena.ofAuto().allocate(LaneBuffer.PAGE_BYTES, 8);
    LaneBuffer.Before before = buffer.copy(number, page);
    if (before == null) {
      return;
    }
    lastPage = number;
    PageReader reader = new PageReader(new OrderedWords(ByteOrder.nativeOrder()), 8, "a ring");
    reader.begin(page, 0, LaneBuffer.PAGE_BYTES, 0);
    long consumed = Math.max(0, reached.kept() - before.kept());
    long left = 0;
    for (long index = 0; reader.next(); index++) {
      if (index == consumed - 1) {
        dropUpTo(page, reader);
        reader.begin(page, 0, LaneBuffer.PAGE_BYTES, 0);
      }
      left += index >= consumed ? 1 : 0;
    }
    if (left > 0) {
      markMissing(
          page, Math.max(0, before.kept() - reached.kept()) + before.lost() - reached.lost());
      pages.add(page);
      reached =
          new Lane.Consumed(
              before.kept() + consumed + left,
              Math.max(reached.lost(), before.lost()),
              reached.read() + left);
      events += left;
    }
  }

  /** Takes the events up to the reader's place off a page. */
  private static void dropUpTo(MemorySegment page, PageReader reader) {
    long from = reader.recordOffset() + reader.recordBytes();
    long commit = page.get(ValueLayout.JAVA_LONG, RingPage.COMMIT);
    long left = RingPage.DATA + commit - from;
    MemorySegment.copy(page, from, page, RingPage.DATA, left);
    page.set(ValueLayout.JAVA_LONG, RingPage.TIME_STAMP, reader.timestamp());
    page.set(ValueLayout.JAVA_LONG, RingPage.COMMIT, left);
  }

  private static void markMissing(MemorySegment page, long missing) {
    if (missing <= 0) {
      return;
    }
    long commit = page.get(ValueLayout.JAVA_LONG, RingPage.COMMIT);
    long flags = RingPage.MISSED_EVENTS;
    long behind = RingPage.DATA + commit;
    if (behind + 8 <= LaneBuffer.PAGE_BYTES) {
      page.set(ValueLayout.JAVA_LONG_UNALIGNED, behind, missing);
      flags |= RingPage.MISSED_STORED;
    }
    page.set(ValueLayout.JAVA_LONG, RingPage.COMMIT, commit | flags);
  }

  /**
   * Marks what is here as read, so that later copies begin behind it and, where nothing may be
   * overwritten, its room can be used again. One consumer at a time.
   */
  public void consume() {
    lane.consume(reached);
    if (lastPage >= 0) {
      buffer.consume(lastPage);
    }
  }

  /** The lane's number. */
  public int cpu() {
    return lane.cpu();
  }

  /** The pages, each of {@link #pageBytes}. */
  public List<MemorySegment> pages() {
    return List.copyOf(pages);
  }

  /** Events on the pages. */
  public long events() {
    return events;
  }

  /** Bytes that the events take, with their headers. */
  public long bytes() {
    return pages.stream()
        .mapToLong(page -> page.get(ValueLayout.JAVA_LONG, RingPage.COMMIT) & RingPage.COMMIT_MASK)
        .sum();
  }

  /** Events that the lane has written since it began, also those that were overwritten. */
  public long written() {
    return written;
  }

  /** Bytes of a page. */
  public static int pageBytes() {
    return LaneBuffer.PAGE_BYTES;
  }
}
