package dev.pgmap.trace.read.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bits that are read from the end of some bytes to their start. The last byte's highest 1 marks the
 * end. For one thread.
 */
final class BackwardBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int from;

  /** Bits that are left; below 0 if more were read than there are. */
  private int left;

  /**
   * Bits in a part of an array.
   *
   * @throws DamagedZstd if the part has no end mark
   */
  BackwardBits(byte[] bytes, int from, int to) throws DamagedZstd {
    DamagedZstd.check(from < to && bytes[to - 1] != 0, "a bit stream without an end mark");
    this.bytes = bytes;
    this.from = from;
    int last = bytes[to - 1] & 0xff;
    this.left = (to - from) * 8 - (Integer.numberOfLeadingZeros(last) - 24) - 1;
  }

  int left() {
    return left;
  }

  /** The next bits, at most 31; zeroes stand for those that are not there. */
  int peek(int count) {
    if (count <= left) {
      return bits(left - count, count);
    }
    return left <= 0 ? 0 : bits(0, left) << count - left;
  }

  void skip(int count) {
    left -= count;
  }

  int read(int count) {
    int value = peek(count);
    left -= count;
    return value;
  }

  private int bits(int bit, int count) {
    int index = from + (bit >>> 3);
    long word = index + 8 <= bytes.length ? (long) LONG.get(bytes, index) : tail(index);
    return (int) (word >>> (bit & 7) & (1L << count) - 1);
  }

  /** The last bytes of the array, as if zeroes followed. */
  private long tail(int index) {
    long word = 0;
    for (int i = bytes.length - 1; i >= index; i--) {
      word = word << 8 | bytes[i] & 0xff;
    }
    return word;
  }
}
