package dev.pgmap.trace.read.zstd;

import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks a stream of Zstandard frames.
 *
 * <pre>
 *   frame   28 b5 2f fd, header, blocks, [checksum]  |  5? 2a 4d 18, u32 bytes, bytes to skip
 *   header  descriptor, [window], [dictionary], [content size]
 *   block   3 bytes: bit 0 last, bits 1-2 type, the rest size; then data
 * </pre>
 *
 * <p>All methods throw IOException if the bytes are damaged. For one thread.
 */
public final class ZstdStream extends InputStream {
  static final int MOST_BLOCK_BYTES = 1 << 17;

  private static final int FIRST_BLOCK_BYTES = 1 << 12;
  private static final long MAGIC = 0xfd2fb528L;
  private static final long SKIPPED_MAGIC = 0x184d2a50L;
  private static final long SKIPPED_MASK = 0xfffffff0L;
  private static final long MOST_WINDOW_BYTES = 1L << 27;
  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;

  private InputStream in;
  private byte[] block = new byte[FIRST_BLOCK_BYTES];
  private final LiteralsSection literals = new LiteralsSection();
  private final SequencesSection sequences = new SequencesSection();
  private final Window window = new Window();
  private final XxHash64 hash = new XxHash64();

  private boolean inFrame;
  private boolean hasChecksum;

  /** What the frame says that it unpacks to; -1 if it does not. */
  private long contentBytes;

  private long unpackedBytes;
  private int blockLimit;
  private boolean atEnd;

  /** Unpacks what another stream holds; closing this one closes that. */
  public ZstdStream(InputStream in) {
    this.in = in;
  }

  /** Turns to another stream; what is left of the one before is dropped. */
  public void restart(InputStream next) {
    in = next;
    inFrame = false;
    atEnd = false;
    window.clear();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (window.available() == 0 && !atEnd) {
      if (inFrame) {
        readBlock();
      } else {
        readFrame();
      }
    }
    return window.available() == 0 ? -1 : window.take(to, offset, length);
  }

  private void readFrame() throws IOException {
    int first = in.read();
    if (first < 0) {
      atEnd = true;
      return;
    }
    long magic = first | number(3) << 8;
    if ((magic & SKIPPED_MASK) == SKIPPED_MAGIC) {
      in.skipNBytes(number(4));
      return;
    }
    DamagedZstd.check(magic == MAGIC, "no zstd frame");
    readHeader((int) number(1));
  }

  private void readHeader(int descriptor) throws IOException {
    boolean singleSegment = (descriptor & 0x20) != 0;
    hasChecksum = (descriptor & 4) != 0;
    DamagedZstd.check((descriptor & 8) == 0, "a frame of an unknown kind");
    long windowBytes = singleSegment ? 0 : windowBytes((int) number(1));
    int dictionaryBytes = (1 << (descriptor & 3)) / 2;
    DamagedZstd.check(number(dictionaryBytes) == 0, "a frame that needs a dictionary");
    contentBytes = contentBytes(descriptor >> 6 & 3, singleSegment);
    windowBytes = singleSegment ? contentBytes : windowBytes;
    DamagedZstd.check(
        windowBytes >= 0 && windowBytes <= MOST_WINDOW_BYTES,
        "a window of more than %d bytes".formatted(MOST_WINDOW_BYTES));
    blockLimit = (int) Math.min(windowBytes, MOST_BLOCK_BYTES);
    window.reset((int) windowBytes, blockLimit);
    literals.reset();
    sequences.reset();
    hash.reset();
    unpackedBytes = 0;
    inFrame = true;
  }

  private static long windowBytes(int descriptor) {
    long base = 1L << 10 + (descriptor >> 3);
    return base + base / 8 * (descriptor & 7);
  }

  private long contentBytes(int flag, boolean singleSegment) throws IOException {
    return switch (flag) {
      case 0 -> singleSegment ? number(1) : -1;
      case 1 -> number(2) + 256;
      case 2 -> number(4);
      default -> number(8);
    };
  }

  private void readBlock() throws IOException {
    int head = (int) number(3);
    int type = head >> 1 & 3;
    int size = head >>> 3;
    DamagedZstd.check(size <= blockLimit, "a block that is larger than it may be");
    window.beginBlock();
    switch (type) {
      case RAW -> {
        readFully(size);
        window.append(block, 0, size);
      }
      case RLE -> window.fill((byte) number(1), size);
      case COMPRESSED -> {
        readFully(size);
        literals.read(block, 0, size);
        sequences.run(block, literals.end(), size, literals, window);
      }
      default -> throw new DamagedZstd("a block of an unknown kind");
    }
    if (hasChecksum) {
      window.showBlock(hash);
    }
    unpackedBytes += window.blockBytes();
    if ((head & 1) != 0) {
      endFrame();
    }
  }

  private void endFrame() throws IOException {
    inFrame = false;
    DamagedZstd.check(
        contentBytes < 0 || contentBytes == unpackedBytes,
        "a frame that unpacks to %d bytes in place of %d".formatted(unpackedBytes, contentBytes));
    if (hasChecksum) {
      DamagedZstd.check((int) number(4) == hash.low32(), "a frame with a wrong checksum");
    }
  }

  private void readFully(int size) throws IOException {
    if (size > block.length) {
      block = new byte[MOST_BLOCK_BYTES];
    }
    DamagedZstd.check(in.readNBytes(block, 0, size) == size, "a block that is cut short");
  }

  /** A number of so many bytes, little endian. */
  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      int next = in.read();
      DamagedZstd.check(next >= 0, "it is cut short");
      number |= (long) next << 8 * i;
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
