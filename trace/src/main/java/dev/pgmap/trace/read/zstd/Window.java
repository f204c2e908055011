package dev.pgmap.trace.read.zstd;

import java.util.Arrays;

/**
 * What was unpacked last: as far back as sequences may reach, and what was not taken yet. Grows
 * with what comes, up to the window and a block. For one thread.
 */
final class Window {
  private static final int FIRST_BYTES = 1 << 12;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int windowBytes;
  private int end;
  private int taken;

  /** Where the frame begins that is unpacked now; 0 once that was dropped. */
  private int frameStart;

  private int blockStart;
  private int blockLimit;

  /** Drops everything. */
  void clear() {
    end = 0;
    taken = 0;
    blockStart = 0;
    frameStart = 0;
  }

  /** Begins a frame: nothing before it can be reached. */
  void reset(int newWindowBytes, int newBlockLimit) {
    System.arraycopy(bytes, taken, bytes, 0, end - taken);
    end -= taken;
    taken = 0;
    blockStart = end;
    frameStart = end;
    windowBytes = newWindowBytes;
    blockLimit = newBlockLimit;
  }

  /** Begins a block, which may unpack to as much as the limit. */
  void beginBlock() {
    int keep = Math.max(Math.min(end - frameStart, windowBytes), available());
    if (end + blockLimit > bytes.length && end >= 2 * keep) {
      int dropped = end - keep;
      System.arraycopy(bytes, dropped, bytes, 0, keep);
      end = keep;
      taken -= dropped;
      frameStart = Math.max(0, frameStart - dropped);
    }
    if (end + blockLimit > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end + blockLimit, bytes.length * 2));
    }
    blockStart = end;
  }

  private void require(int count) throws DamagedZstd {
    DamagedZstd.check(
        count <= blockLimit - (end - blockStart), "a block that unpacks to more than it may");
  }

  void append(byte[] from, int offset, int count) throws DamagedZstd {
    require(count);
    System.arraycopy(from, offset, bytes, end, count);
    end += count;
  }

  void fill(byte value, int count) throws DamagedZstd {
    require(count);
    Arrays.fill(bytes, end, end + count, value);
    end += count;
  }

  /** Repeats what was so far back; the two may overlap. */
  void repeat(long distance, int count) throws DamagedZstd {
    require(count);
    DamagedZstd.check(
        distance <= end - frameStart && distance <= Math.max(windowBytes, 1),
        "a sequence that reaches back too far");
    int from = end - (int) distance;
    if (distance >= count) {
      System.arraycopy(bytes, from, bytes, end, count);
      end += count;
      return;
    }
    for (int i = 0; i < count; i++) {
      bytes[end++] = bytes[from++];
    }
  }

  int available() {
    return end - taken;
  }

  int take(byte[] to, int offset, int most) {
    int count = Math.min(most, available());
    System.arraycopy(bytes, taken, to, offset, count);
    taken += count;
    return count;
  }

  /** Lets a checksum see the block. */
  void showBlock(XxHash64 hash) {
    hash.add(bytes, blockStart, end - blockStart);
  }

  int blockBytes() {
    return end - blockStart;
  }
}
