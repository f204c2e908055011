package dev.pgmap.trace.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Puts records on a ring page as the kernel does (rb_update_event, rb_add_timestamp): the page
 * takes the first event's stamp, each event the distance to the one before, and a distance of
 * 2<sup>27</sup> or more a time extend of its own. In little endian.
 *
 * <p>For one thread. One page after the other is begun, filled until {@link #add} refuses, and
 * finished.
 */
public final class PageWriter {
  /** What {@link #begin} is told if events were lost and nobody counted them. */
  public static final long LOST_UNCOUNTED = -1;

  private static final int WORD_BYTES = 4;
  private static final int TIME_EXTEND_BYTES = 8;
  private static final int LOST_BYTES = 8;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment page;
  private final int pageBytes;
  private int limit;
  private int end = RingPage.DATA;
  private long lost;
  private long stamp;

  /**
   * A writer of pages that all go through one piece of memory.
   *
   * @param page a whole page long
   */
  public PageWriter(MemorySegment page) {
    this.page = page;
    this.pageBytes = Math.toIntExact(page.byteSize());
    this.limit = pageBytes;
  }

  /** The longest record that a page of so many bytes can hold. */
  public static int longestRecord(int pageBytes) {
    return pageBytes - RingPage.DATA - 2 * WORD_BYTES - LOST_BYTES;
  }

  /**
   * Begins a page.
   *
   * @param lostEvents how many events were lost before it; {@link #LOST_UNCOUNTED} if not known
   */
  public void begin(long lostEvents) {
    lost = lostEvents;
    limit = lostEvents > 0 ? pageBytes - LOST_BYTES : pageBytes;
    end = RingPage.DATA;
  }

  /** Whether nothing was put on the page yet. */
  public boolean isEmpty() {
    return end == RingPage.DATA;
  }

  /**
   * Puts a record on the page.
   *
   * @param stampNow when, in the units of the clock
   * @param record padded with zeroes to a multiple of 4, room for that included
   * @param bytes of the record, at most {@link #longestRecord}
   * @return false if this page has no room for it, or if time goes back: begin another one
   */
  public boolean add(long stampNow, MemorySegment record, int bytes) {
    if (isEmpty()) {
      stamp = stampNow;
      page.set(LONG, RingPage.TIME_STAMP, stampNow);
    }
    long delta = stampNow - stamp;
    int payload = bytes + WORD_BYTES - 1 & -WORD_BYTES;
    boolean isShort = payload <= RingPage.SHORT_PAYLOAD && payload > 0;
    int needed = WORD_BYTES + (isShort ? 0 : WORD_BYTES) + payload;
    boolean extend = delta >= RingPage.DELTA_LIMIT;
    if (delta < 0 || end + needed + (extend ? TIME_EXTEND_BYTES : 0) > limit) {
      return false;
    }
    if (extend) {
      putTimeExtend(delta);
      delta = 0;
    }
    putHeader(isShort ? payload / WORD_BYTES : 0, delta);
    if (!isShort) {
      putWord(payload + WORD_BYTES);
    }
    MemorySegment.copy(record, 0, page, end, payload);
    end += payload;
    stamp = stampNow;
    return true;
  }

  /** Writes the page's header; what is behind the last record is zeroed. */
  public void finish() {
    page.asSlice(end).fill((byte) 0);
    long commit = (long) end - RingPage.DATA;
    if (lost != 0) {
      commit |= RingPage.MISSED_EVENTS;
    }
    if (lost > 0) {
      commit |= RingPage.MISSED_STORED;
      page.set(LONG, end, lost);
    }
    page.set(LONG, RingPage.COMMIT, commit);
  }

  private void putTimeExtend(long delta) {
    putHeader(RingPage.TYPE_TIME_EXTEND, delta & RingPage.DELTA_LIMIT - 1);
    putWord((int) (delta >>> RingPage.DELTA_BITS));
  }

  private void putHeader(int typeLen, long delta) {
    putWord((int) (delta << RingPage.TYPE_LEN_BITS) | typeLen);
  }

  private void putWord(int word) {
    page.set(INT, end, word);
    end += WORD_BYTES;
  }
}
