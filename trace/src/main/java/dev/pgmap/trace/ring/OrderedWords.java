package dev.pgmap.trace.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Integers in the byte order of the machine that recorded them, read from memory with bounds.
 *
 * <p>Immutable. All methods throw IndexOutOfBoundsException outside of the memory given.
 */
public final class OrderedWords {
  private final boolean swap;

  /** Reads integers of that order. */
  public OrderedWords(ByteOrder order) {
    this.swap = order != ByteOrder.nativeOrder();
  }

  /** The order. */
  public ByteOrder order() {
    boolean big = (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) != swap;
    return big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** A byte without its sign. */
  public int u8(MemorySegment memory, long offset) {
    return memory.get(JAVA_BYTE, offset) & 0xff;
  }

  /** Two bytes without their sign. */
  public int u16(MemorySegment memory, long offset) {
    short word = memory.get(JAVA_SHORT_UNALIGNED, offset);
    return (swap ? Short.reverseBytes(word) : word) & 0xffff;
  }

  /** Four bytes. */
  public int i32(MemorySegment memory, long offset) {
    int word = memory.get(JAVA_INT_UNALIGNED, offset);
    return swap ? Integer.reverseBytes(word) : word;
  }

  /** Four bytes without their sign. */
  public long u32(MemorySegment memory, long offset) {
    return i32(memory, offset) & 0xffff_ffffL;
  }

  /** Eight bytes. */
  public long i64(MemorySegment memory, long offset) {
    long word = memory.get(JAVA_LONG_UNALIGNED, offset);
    return swap ? Long.reverseBytes(word) : word;
  }

  /**
   * A number of a record.
   *
   * @param bytes 1, 2, 4 or 8
   * @param signed whether it is sign-extended
   */
  public long number(MemorySegment memory, long offset, int bytes, boolean signed) {
    return switch (bytes) {
      case 8 -> i64(memory, offset);
      case 4 -> signed ? i32(memory, offset) : u32(memory, offset);
      case 2 -> signed ? (short) u16(memory, offset) : u16(memory, offset);
      case 1 -> signed ? (byte) u8(memory, offset) : u8(memory, offset);
      default ->
          throw new IllegalArgumentException("%d bytes, expected 1, 2, 4 or 8".formatted(bytes));
    };
  }
}
