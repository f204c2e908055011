package dev.pgmap.trace.read.input;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.ring.OrderedWords;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Reads one thing after another from memory, and says where and what if it is not there.
 *
 * <p>Allocates no more than the bytes that are left. For one thread.
 */
public final class ByteCursor {
  private final MemorySegment memory;
  private final OrderedWords words;
  private final String source;
  private final long end;
  private final long placeOfStart;
  private long at;

  /**
   * A cursor on a part of the memory.
   *
   * @param from where it starts
   * @param end where it ends
   * @param source what errors call the source
   * @param placeOfStart what errors call the offset 0 of the memory
   */
  public ByteCursor(
      MemorySegment memory,
      long from,
      long end,
      OrderedWords words,
      String source,
      long placeOfStart) {
    this.memory = memory;
    this.words = words;
    this.source = source;
    this.at = from;
    this.end = end;
    this.placeOfStart = placeOfStart;
  }

  /** Where it stands, in the memory. */
  public long position() {
    return at;
  }

  /** Bytes that are left. */
  public long remaining() {
    return end - at;
  }

  /** Where it stands, for errors. */
  public long place() {
    return placeOfStart + at;
  }

  /** The order of the integers. */
  public OrderedWords words() {
    return words;
  }

  /**
   * Takes some bytes.
   *
   * @param bytes how many, as stated by the source
   * @param what they are, for the error
   * @return where they begin, in the memory
   * @throws TraceException if there are fewer
   */
  public long take(long bytes, String what) {
    if (bytes < 0 || bytes > remaining()) {
      throw error(
          "%s of %s bytes".formatted(what, Long.toUnsignedString(bytes)),
          "at most the %d that are left".formatted(remaining()),
          "the recording is cut short or damaged");
    }
    long from = at;
    at += bytes;
    return from;
  }

  /** A byte. */
  public int u8(String what) {
    return words.u8(memory, take(1, what));
  }

  /** Two bytes without their sign. */
  public int u16(String what) {
    return words.u16(memory, take(2, what));
  }

  /** Four bytes without their sign. */
  public long u32(String what) {
    return words.u32(memory, take(4, what));
  }

  /** Eight bytes. */
  public long i64(String what) {
    return words.i64(memory, take(8, what));
  }

  /**
   * A number of four bytes that counts something.
   *
   * @throws TraceException if it is larger than the limit
   */
  public int count(int limit, String what) {
    long count = u32(what);
    if (count > limit) {
      at -= 4;
      throw error("%s of %d".formatted(what, count), "at most " + limit, "it is damaged");
    }
    return (int) count;
  }

  /** Bytes of a stated number. */
  public byte[] bytes(long count, String what) {
    long from = take(count, what);
    byte[] copied = new byte[Math.toIntExact(count)];
    copy(from, copied, copied.length);
    return copied;
  }

  /**
   * Text of a stated number of bytes.
   *
   * @param limit the most that is taken
   * @throws TraceException if it is longer than the limit or than what is left
   */
  public String text(long bytes, int limit, String what) {
    if (bytes > limit) {
      throw error("%s of %d bytes".formatted(what, bytes), "at most " + limit, "it is damaged");
    }
    return new String(bytes(bytes, what), StandardCharsets.UTF_8);
  }

  /**
   * Text that ends in a NUL.
   *
   * @param limit the most bytes that are taken, without the NUL
   */
  public String string(int limit, String what) {
    long most = Math.min(remaining(), limit + 1L);
    for (int length = 0; length < most; length++) {
      if (words.u8(memory, at + length) == 0) {
        String text = new String(bytes(length, what), StandardCharsets.UTF_8);
        at++;
        return text;
      }
    }
    throw error(what + " without an end", "a NUL within " + limit + " bytes", "it is damaged");
  }

  /** Copies bytes that were taken before. */
  public void copy(long from, byte[] to, int count) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, to, 0, count);
  }

  /** Bytes of a stated number, where they are. */
  public MemorySegment slice(long count, String what) {
    return memory.asSlice(take(count, what), count);
  }

  /** A cursor of its own on the next bytes, which this one then is behind. */
  public ByteCursor part(long count, String what) {
    long from = take(count, what);
    return new ByteCursor(memory, from, from + count, words, source, placeOfStart);
  }

  /** Where the cursor stands, for an error that is found later. */
  public Place mark() {
    return new Place(source, place());
  }

  /** A place in a source. */
  public record Place(String source, long offset) {
    /** An error there. */
    public TraceException error(String found, String expected, String nextStep) {
      return TraceException.at(source, offset, found, expected, nextStep);
    }
  }

  /** An error at where the cursor stands. */
  public TraceException error(String found, String expected, String nextStep) {
    return mark().error(found, expected, nextStep);
  }
}
