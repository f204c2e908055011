package dev.pgmap.trace.read.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages bytes in the ways that hurt readers: flipped bits, lengths at their extremes, parts that
 * are cut out, doubled, moved or taken from another file, and an early end. Depends on the random
 * numbers alone.
 */
final class Mutator {
  private static final long[] EXTREMES = {
    0,
    1,
    2,
    3,
    7,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_fff0L,
    0xffff_ffffL,
    1L << 32,
    1L << 40,
    1L << 60,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };
  private static final int MOST_CHANGES = 6;
  private static final int LEAST_BYTES = 16;
  private static final int HEAD_BYTES = 600;

  /** One in so many changes is to the head of the file. */
  private static final int HEAD_SHARE = 5;

  /** One in so many pieces that are packed each by itself is damaged. */
  private static final int PIECE_SHARE = 3;

  private final Random random;
  private final List<byte[]> others;

  /**
   * A mutator.
   *
   * @param others files that parts may come from
   */
  Mutator(Random random, List<byte[]> others) {
    this.random = random;
    this.others = others;
  }

  /** A seed's file, damaged as a whole or, if it is packed, also before it was packed. */
  byte[] mutate(Seeds.Seed seed) throws IOException {
    Seeds.Packing packing = seed.packing();
    if (packing == null || random.nextBoolean()) {
      return mutate(seed.bytes());
    }
    return packing.pack(piece -> random.nextInt(PIECE_SHARE) == 0 ? mutate(piece) : piece);
  }

  /** Bytes, damaged. */
  byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    int most = random.nextBoolean() ? 1 : MOST_CHANGES;
    for (int changes = 1 + random.nextInt(most); changes > 0; changes--) {
      bytes = bytes.length < LEAST_BYTES ? original.clone() : change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> bytes[place(bytes)] ^= (byte) (1 << random.nextInt(8));
      case 3 -> bytes[place(bytes)] = (byte) random.nextInt();
      case 4, 5 -> putExtreme(bytes);
      case 6 -> {
        return cut(bytes);
      }
      case 7 -> {
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
      }
      case 8 -> {
        return insert(bytes, bytes);
      }
      default -> {
        return insert(bytes, others.get(random.nextInt(others.size())));
      }
    }
    return bytes;
  }

  /** The head of a file decides most, so it is hit more often than its share. */
  private int place(byte[] bytes) {
    boolean anywhere = random.nextInt(HEAD_SHARE) != 0;
    return random.nextInt(anywhere ? bytes.length : Math.min(bytes.length, HEAD_BYTES));
  }

  private void putExtreme(byte[] bytes) {
    int width = 1 << random.nextInt(4);
    int at = Math.min(place(bytes), bytes.length - width);
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes)
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    switch (width) {
      case 1 -> buffer.put(at, (byte) value);
      case 2 -> buffer.putShort(at, (short) value);
      case 4 -> buffer.putInt(at, (int) value);
      default -> buffer.putLong(at, value);
    }
  }

  private byte[] cut(byte[] bytes) {
    int from = place(bytes);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(64));
    return joined(bytes, from, bytes, to, bytes.length);
  }

  private byte[] insert(byte[] bytes, byte[] other) {
    int from = random.nextInt(other.length);
    int to = Math.min(other.length, from + 1 + random.nextInt(256));
    int at = place(bytes);
    byte[] front = joined(bytes, at, other, from, to);
    return random.nextBoolean()
        ? joined(front, front.length, bytes, Math.min(bytes.length, at + to - from), bytes.length)
        : joined(front, front.length, bytes, at, bytes.length);
  }

  private static byte[] joined(byte[] front, int length, byte[] back, int from, int to) {
    byte[] all = Arrays.copyOf(front, length + to - from);
    System.arraycopy(back, from, all, length, to - from);
    return all;
  }
}
