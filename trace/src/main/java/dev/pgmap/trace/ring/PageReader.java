package dev.pgmap.trace.ring;

import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Goes through the events on a page, as the kernel's rb_advance_reader does; in both byte orders,
 * with a long of 4 or 8 bytes.
 *
 * <pre>{@code
 * PageReader page = new PageReader(words, 8, "trace.dat");
 * page.begin(memory, offset, bytes, offset);
 * while (page.next()) {
 *   RecordShape shape = shapes.at(memory, page.recordOffset());
 *   view.show(shape, memory, page.recordOffset(), page.recordBytes());
 *   view.happened(page.timestamp(), cpu, page.lost(), "");
 * }
 * }</pre>
 *
 * <p>Reads nothing outside of the bytes given to {@link #begin}, whatever they hold. Allocates
 * nothing. For one thread; any number of pages, one after another.
 */
public final class PageReader {
  private static final int WORD_BYTES = 4;

  /** An absolute stamp has 59 bits; the bits above are those of the running stamp. */
  private static final long ABSOLUTE_MASK = (1L << 59) - 1;

  private final OrderedWords words;
  private final boolean bigEndian;
  private final int longBytes;
  private final int dataOffset;
  private final String source;

  private MemorySegment memory = MemorySegment.NULL;
  private long page;
  private long place;

  /** Where the next event header is and where the used bytes end, both from the page's start. */
  private int at;

  private int end;

  private long stamp;
  private long lost;
  private long recordOffset;
  private int recordBytes;

  /**
   * A reader.
   *
   * @param longBytes size of the recording kernel's long, which is that of {@code commit}: 4 or 8
   * @param source what errors call the source
   */
  public PageReader(OrderedWords words, int longBytes, String source) {
    this.words = words;
    this.bigEndian = words.order() == ByteOrder.BIG_ENDIAN;
    this.longBytes = longBytes;
    this.dataOffset = longBytes == 8 ? RingPage.DATA : RingPage.DATA_32;
    this.source = source;
  }

  /**
   * Begins a page.
   *
   * @param pageMemory holds the page
   * @param offset of the page in the memory
   * @param bytes of the page that are there: a last page may be short
   * @param placeInSource offset of the page that errors tell, which differs from {@code offset}
   *     where the memory is not the file
   * @throws TraceException if there is no room for the page's header or for what it says is used
   */
  public void begin(MemorySegment pageMemory, long offset, int bytes, long placeInSource) {
    memory = pageMemory;
    page = offset;
    place = placeInSource;
    at = dataOffset;
    end = dataOffset;
    recordOffset = offset;
    recordBytes = 0;
    if (bytes < dataOffset) {
      throw error(0, "a page of " + bytes + " bytes", "at least " + dataOffset);
    }
    stamp = words.i64(memory, offset + RingPage.TIME_STAMP);
    long commit = readLong(RingPage.COMMIT);
    long used = commit & RingPage.COMMIT_MASK;
    if (used > bytes - dataOffset) {
      throw error(
          RingPage.COMMIT, used + " bytes used on a page", "at most " + (bytes - dataOffset));
    }
    end += (int) used;
    lost = lostBefore(commit, bytes);
  }

  private long lostBefore(long commit, int bytes) {
    if ((commit & RingPage.MISSED_EVENTS) == 0) {
      return 0;
    }
    boolean counted = (commit & RingPage.MISSED_STORED) != 0 && bytes - end >= longBytes;
    long number = counted ? readLong(end) : 0;
    return number > 0 ? number : TraceEvent.LOST_UNCOUNTED;
  }

  private long readLong(int from) {
    return longBytes == 8 ? words.i64(memory, page + from) : words.u32(memory, page + from);
  }

  /**
   * Moves to the next event that bears data.
   *
   * @return false if the page has no more
   * @throws TraceException if the event does not lie within the used bytes
   */
  public boolean next() {
    lost = recordBytes == 0 ? lost : 0;
    while (at < end) {
      require(WORD_BYTES, "an event header");
      int header = words.i32(memory, page + at);
      int typeLen = bigEndian ? header >>> RingPage.DELTA_BITS : header & RingPage.TYPE_LEN_MASK;
      long delta =
          bigEndian ? header & RingPage.DELTA_LIMIT - 1 : header >>> RingPage.TYPE_LEN_BITS;
      if (typeLen - 1 < RingPage.TYPE_LEN_MAX_DATA && typeLen != 0) {
        return take(WORD_BYTES, typeLen * WORD_BYTES, delta);
      }
      switch (typeLen) {
        case 0 -> {
          return takeLong(delta);
        }
        case RingPage.TYPE_PADDING -> skip(delta);
        case RingPage.TYPE_TIME_EXTEND -> stamp += extended(delta);
        default -> stamp = stamp & ~ABSOLUTE_MASK | extended(delta);
      }
    }
    recordBytes = 0;
    return false;
  }

  /** An event of header and payload. */
  private boolean take(int headerBytes, int payloadBytes, long delta) {
    require(headerBytes + payloadBytes, "an event");
    stamp += delta;
    recordOffset = page + at + headerBytes;
    recordBytes = payloadBytes;
    at += headerBytes + payloadBytes;
    return true;
  }

  /** An event whose length stands in a word of its own, which counts itself. */
  private boolean takeLong(long delta) {
    require(2 * WORD_BYTES, "the length of an event");
    long length = words.u32(memory, page + at + WORD_BYTES);
    if (length <= WORD_BYTES || length > end - at) {
      throw error(
          at + WORD_BYTES,
          "an event of " + length + " bytes",
          "from 5 to the " + (end - at - WORD_BYTES) + " that are left");
    }
    int payloadBytes = (int) length - 1 & -WORD_BYTES;
    return take(2 * WORD_BYTES, payloadBytes, delta);
  }

  /** A discarded event, whose delta the next one counts from, or the end of the page. */
  private void skip(long delta) {
    if (delta == 0 || end - at < 2 * WORD_BYTES) {
      at = end;
      return;
    }
    stamp += delta;
    long skipped = words.u32(memory, page + at + WORD_BYTES);
    at = (int) Math.min(end, at + WORD_BYTES + skipped);
  }

  private long extended(long delta) {
    require(2 * WORD_BYTES, "a time stamp");
    long upper = words.u32(memory, page + at + WORD_BYTES);
    at += 2 * WORD_BYTES;
    return (upper << RingPage.DELTA_BITS) + delta;
  }

  private void require(int bytes, String what) {
    if (bytes > end - at) {
      throw error(
          at, what + " of " + bytes + " bytes", "at most the " + (end - at) + " that are left");
    }
  }

  /** When the event was, in the units of the recording's clock. */
  public long timestamp() {
    return stamp;
  }

  /** Where the record begins in the memory given to {@link #begin}. */
  public long recordOffset() {
    return recordOffset;
  }

  /** Bytes of the record, a multiple of 4: up to 3 of padding are at its end. */
  public int recordBytes() {
    return recordBytes;
  }

  /** Where the record begins in the source, for errors. */
  public long recordPlace() {
    return place + (recordOffset - page);
  }

  /**
   * Events lost before this one: not 0 only for the first of a page. A number, or {@link
   * TraceEvent#LOST_UNCOUNTED}. After a page without events, what was lost before the page.
   */
  public long lost() {
    return lost;
  }

  private TraceException error(int from, String found, String expected) {
    return TraceException.at(source, place + from, found, expected, "the recording is damaged");
  }
}
