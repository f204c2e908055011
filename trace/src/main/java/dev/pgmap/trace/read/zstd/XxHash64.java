package dev.pgmap.trace.read.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** XXH64 with seed 0: the checksum of a frame. For one thread. */
final class XxHash64 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;
  private static final long P1_AND_P2 = 0x60EA27EEADC0B5D6L;
  private static final int STRIPE = 32;

  private final long[] lanes = new long[4];
  private final byte[] rest = new byte[STRIPE];
  private int restBytes;
  private long total;

  void reset() {
    lanes[0] = P1_AND_P2;
    lanes[1] = P2;
    lanes[2] = 0;
    lanes[3] = -P1;
    restBytes = 0;
    total = 0;
  }

  void add(byte[] bytes, int from, int count) {
    total += count;
    int at = from;
    int end = from + count;
    if (restBytes > 0) {
      int filling = Math.min(STRIPE - restBytes, count);
      System.arraycopy(bytes, at, rest, restBytes, filling);
      restBytes += filling;
      at += filling;
      if (restBytes < STRIPE) {
        return;
      }
      stripe(rest, 0);
      restBytes = 0;
    }
    for (; end - at >= STRIPE; at += STRIPE) {
      stripe(bytes, at);
    }
    System.arraycopy(bytes, at, rest, 0, end - at);
    restBytes = end - at;
  }

  private void stripe(byte[] bytes, int at) {
    for (int i = 0; i < 4; i++) {
      lanes[i] = round(lanes[i], (long) LONG.get(bytes, at + 8 * i));
    }
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * P2, 31) * P1;
  }

  /** The low half, which frames store. */
  int low32() {
    long hash = total >= STRIPE ? merged() : P5;
    hash += total;
    int at = 0;
    for (; restBytes - at >= 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(rest, at)), 27) * P1 + P4;
    }
    if (restBytes - at >= 4) {
      hash = Long.rotateLeft(hash ^ ((int) INT.get(rest, at) & 0xffff_ffffL) * P1, 23) * P2 + P3;
      at += 4;
    }
    for (; at < restBytes; at++) {
      hash = Long.rotateLeft(hash ^ (rest[at] & 0xff) * P5, 11) * P1;
    }
    hash = (hash ^ hash >>> 33) * P2;
    hash = (hash ^ hash >>> 29) * P3;
    return (int) (hash ^ hash >>> 32);
  }

  private long merged() {
    long hash =
        Long.rotateLeft(lanes[0], 1)
            + Long.rotateLeft(lanes[1], 7)
            + Long.rotateLeft(lanes[2], 12)
            + Long.rotateLeft(lanes[3], 18);
    for (long lane : lanes) {
      hash = (hash ^ round(0, lane)) * P1 + P4;
    }
    return hash;
  }
}
