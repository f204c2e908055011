package dev.pgmap.trace.record;

import dev.pgmap.trace.ring.RingPage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of what a lane held at a moment: whole pages, the oldest first, that do not change any
 * more. Where events are missing before a page, its commit says so as the kernel's does. Immutable.
 */
public final class FrozenLane {
  private final int cpu;
  private final List<MemorySegment> pages;
  private final long written;

  private FrozenLane(int cpu, List<MemorySegment> pages, long written) {
    this.cpu = cpu;
    this.pages = List.copyOf(pages);
    this.written = written;
  }

  /** Copies a lane while its owner goes on. */
  public static FrozenLane of(Lane lane) {
    LaneBuffer buffer = lane.buffer();
    List<MemorySegment> pages = new ArrayList<>();
    long end = buffer.begun();
    long expected = -1;
    LaneBuffer.Before last = new LaneBuffer.Before(0, 0);
    for (long number = Math.max(buffer.oldest(), buffer.consumed()); number < end; number++) {
      MemorySegment page = Arena.ofAuto().allocate(LaneBuffer.PAGE_BYTES, 8);
      LaneBuffer.Before before = buffer.copy(number, page);
      if (before != null) {
        markMissing(page, missing(number, expected, last, before));
        pages.add(page);
        expected = number + 1;
        last = before;
      }
    }
    return new FrozenLane(lane.cpu(), pages, lane.kept());
  }

  /** Events missing before a page: 0, a number, or -1 if nobody counted them. */
  private static long missing(
      long number, long expected, LaneBuffer.Before last, LaneBuffer.Before before) {
    if (expected < 0) {
      return before.kept() + before.lost();
    }
    return number == expected ? before.lost() - last.lost() : -1;
  }

  private static void markMissing(MemorySegment page, long missing) {
    if (missing == 0) {
      return;
    }
    long commit = page.get(ValueLayout.JAVA_LONG, RingPage.COMMIT);
    long flags = RingPage.MISSED_EVENTS;
    long behind = RingPage.DATA + commit;
    if (missing > 0 && behind + 8 <= LaneBuffer.PAGE_BYTES) {
      page.set(ValueLayout.JAVA_LONG_UNALIGNED, behind, missing);
      flags |= RingPage.MISSED_STORED;
    }
    page.set(ValueLayout.JAVA_LONG, RingPage.COMMIT, commit | flags);
  }

  /** The lane's number. */
  public int cpu() {
    return cpu;
  }

  /** The pages, each of {@link #pageBytes}. */
  public List<MemorySegment> pages() {
    return pages;
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
