package dev.pgmap.trace.read.zstd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The literals of a block. Keeps the Huffman codes, as a later block may use them again. */
final class LiteralsSection {
  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;
  private static final int JUMP_TABLE_BYTES = 6;

  private final byte[] literals = new byte[ZstdStream.MOST_BLOCK_BYTES];
  private int length;
  private int end;
  private @Nullable HuffmanTable table;

  /** Forgets the codes, at the start of a frame. */
  void reset() {
    table = null;
  }

  byte[] literals() {
    return literals;
  }

  int length() {
    return length;
  }

  /** Where the section behind this one begins. */
  int end() {
    return end;
  }

  /**
   * Reads the section.
   *
   * @throws DamagedZstd if it is none
   */
  void read(byte[] in, int from, int to) throws DamagedZstd {
    DamagedZstd.check(from < to, "a block without literals");
    int type = in[from] & 3;
    int format = in[from] >> 2 & 3;
    if (type == RAW || type == RLE) {
      plain(in, from, to, type, format);
    } else {
      coded(in, from, to, type, format);
    }
  }

  private void plain(byte[] in, int from, int to, int type, int format) throws DamagedZstd {
    int headBytes = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
    long head = head(in, from, to, headBytes);
    length = (int) (head >>> (headBytes == 1 ? 3 : 4));
    checkLength();
    int start = from + headBytes;
    end = start + (type == RAW ? length : 1);
    DamagedZstd.check(end <= to, "literals that are cut short");
    if (type == RAW) {
      System.arraycopy(in, start, literals, 0, length);
    } else {
      Arrays.fill(literals, 0, length, in[start]);
    }
  }

  private void coded(byte[] in, int from, int to, int type, int format) throws DamagedZstd {
    int headBytes = format < 2 ? 3 : format + 2;
    int width = format < 2 ? 10 : format == 2 ? 14 : 18;
    long head = head(in, from, to, headBytes) >>> 4;
    length = (int) (head & (1L << width) - 1);
    int packed = (int) (head >>> width & (1L << width) - 1);
    checkLength();
    int start = from + headBytes;
    end = start + packed;
    DamagedZstd.check(end <= to, "literals that are cut short");
    if (type == COMPRESSED) {
      HuffmanTable.Read read = HuffmanTable.read(in, start, end);
      table = read.table();
      start = read.end();
    }
    HuffmanTable codes = table;
    if (codes == null) {
      throw new DamagedZstd("literals in codes of a block that was not there");
    }
    if (format == 0) {
      codes.decode(in, start, end, literals, 0, length);
    } else {
      fourStreams(codes, in, start);
    }
  }

  private void checkLength() throws DamagedZstd {
    DamagedZstd.check(length <= literals.length, "more literals than a block can have");
  }

  private static long head(byte[] in, int from, int to, int bytes) throws DamagedZstd {
    DamagedZstd.check(from + bytes <= to, "literals that are cut short");
    long head = 0;
    for (int i = 0; i < bytes; i++) {
      head |= (in[from + i] & 0xffL) << 8 * i;
    }
    return head;
  }

  private void fourStreams(HuffmanTable codes, byte[] in, int from) throws DamagedZstd {
    int quarter = (length + 3) / 4;
    int start = from + JUMP_TABLE_BYTES;
    DamagedZstd.check(start <= end && 3 * quarter <= length, "literals that are cut short");
    for (int i = 0; i < 4; i++) {
      int size = (int) (i == 3 ? end - start : head(in, from + 2 * i, end, 2));
      DamagedZstd.check(size <= end - start, "literals that are cut short");
      codes.decode(
          in, start, start + size, literals, i * quarter, i == 3 ? length : (i + 1) * quarter);
      start += size;
    }
  }
}
