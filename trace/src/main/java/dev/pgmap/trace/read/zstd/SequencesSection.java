package dev.pgmap.trace.read.zstd;

import org.jspecify.annotations.Nullable;

/**
 * The sequences of a block: so many literals, then so many bytes from so far back. Keeps the tables
 * and the last offsets, as a later block may use them again.
 */
final class SequencesSection {
  private static final int MOST_LOG = 9;
  private static final int MOST_OFFSET_LOG = 8;
  private static final int REPEATS = 3;

  private static final int[] LITERAL_BASES = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64,
    128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536
  };
  private static final int[] LITERAL_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11,
    12, 13, 14, 15, 16
  };
  private static final int[] MATCH_BASES = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051,
    4099, 8195, 16387, 32771, 65539
  };
  private static final int[] MATCH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };
  private static final int MOST_OFFSET_CODE = 31;

  private static final FseTable USUAL_LITERALS =
      FseTable.of(
          6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1,
          1, 1, 1, -1, -1, -1, -1);
  private static final FseTable USUAL_OFFSETS =
      FseTable.of(
          5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
          -1);
  private static final FseTable USUAL_MATCHES =
      FseTable.of(
          6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);

  private @Nullable FseTable literalTable;
  private @Nullable FseTable offsetTable;
  private @Nullable FseTable matchTable;
  private final int[] lastOffsets = new int[REPEATS];
  private int at;

  /** Forgets everything, at the start of a frame. */
  void reset() {
    literalTable = null;
    offsetTable = null;
    matchTable = null;
    lastOffsets[0] = 1;
    lastOffsets[1] = 4;
    lastOffsets[2] = 8;
  }

  /**
   * Reads the section and carries it out.
   *
   * @throws DamagedZstd if it is none
   */
  void run(byte[] in, int from, int to, LiteralsSection literals, Window out) throws DamagedZstd {
    at = from;
    int count = count(in, to);
    int used = 0;
    if (count > 0) {
      used = sequences(in, to, count, literals, out);
    } else {
      DamagedZstd.check(at == to, "bytes behind the last sequence");
    }
    out.append(literals.literals(), used, literals.length() - used);
  }

  private int count(byte[] in, int to) throws DamagedZstd {
    int head = next(in, to);
    if (head < 128) {
      return head;
    }
    return head < 255
        ? (head - 128 << 8) + next(in, to)
        : next(in, to) + (next(in, to) << 8) + 0x7f00;
  }

  private int next(byte[] in, int to) throws DamagedZstd {
    DamagedZstd.check(at < to, "sequences that are cut short");
    return in[at++] & 0xff;
  }

  private int sequences(byte[] in, int to, int count, LiteralsSection literals, Window out)
      throws DamagedZstd {
    int modes = next(in, to);
    DamagedZstd.check((modes & 3) == 0, "sequences of an unknown mode");
    FseTable lengths =
        table(in, to, modes >> 6 & 3, literalTable, USUAL_LITERALS, MOST_LOG, LITERAL_BASES.length);
    FseTable offsets =
        table(
            in,
            to,
            modes >> 4 & 3,
            offsetTable,
            USUAL_OFFSETS,
            MOST_OFFSET_LOG,
            MOST_OFFSET_CODE + 1);
    FseTable matches =
        table(in, to, modes >> 2 & 3, matchTable, USUAL_MATCHES, MOST_LOG, MATCH_BASES.length);
    literalTable = lengths;
    offsetTable = offsets;
    matchTable = matches;
    return run(new BackwardBits(in, at, to), count, lengths, offsets, matches, literals, out);
  }

  private FseTable table(
      byte[] in,
      int to,
      int mode,
      @Nullable FseTable last,
      FseTable usual,
      int mostLog,
      int nrSymbols)
      throws DamagedZstd {
    switch (mode) {
      case 0 -> {
        return usual;
      }
      case 1 -> {
        int symbol = next(in, to);
        DamagedZstd.check(symbol < nrSymbols, "a sequence with an unknown code");
        return FseTable.ofOne(symbol);
      }
      case 2 -> {
        FseTable.Reader reader = new FseTable.Reader(in, at, to);
        FseTable table = reader.read(mostLog, nrSymbols - 1);
        at = reader.end();
        return table;
      }
      default -> {
        if (last == null) {
          throw new DamagedZstd("sequences in codes of a block that was not there");
        }
        return last;
      }
    }
  }

  private int run(
      BackwardBits bits,
      int count,
      FseTable lengths,
      FseTable offsets,
      FseTable matches,
      LiteralsSection literals,
      Window out)
      throws DamagedZstd {
    int length = lengths.start(bits);
    int offset = offsets.start(bits);
    int match = matches.start(bits);
    int used = 0;
    for (int i = 0; i < count; i++) {
      int offsetCode = offsets.symbol(offset);
      long offsetValue = (1L << offsetCode) + bits.read(offsetCode);
      int matchCode = matches.symbol(match);
      int matchLength = MATCH_BASES[matchCode] + bits.read(MATCH_BITS[matchCode]);
      int lengthCode = lengths.symbol(length);
      int literalLength = LITERAL_BASES[lengthCode] + bits.read(LITERAL_BITS[lengthCode]);
      DamagedZstd.check(
          bits.left() >= 0 && literalLength <= literals.length() - used,
          "sequences that are cut short");
      out.append(literals.literals(), used, literalLength);
      used += literalLength;
      out.repeat(distance(offsetValue, literalLength), matchLength);
      if (i < count - 1) {
        length = lengths.next(length, bits);
        match = matches.next(match, bits);
        offset = offsets.next(offset, bits);
      }
    }
    DamagedZstd.check(bits.left() == 0, "bits behind the last sequence");
    return used;
  }

  /** How far back; values up to 3 mean one of the last distances. */
  private long distance(long offsetValue, int literalLength) throws DamagedZstd {
    if (offsetValue > REPEATS) {
      DamagedZstd.check(offsetValue - REPEATS <= Integer.MAX_VALUE, "an offset that is too large");
      return remember((int) (offsetValue - REPEATS), REPEATS - 1);
    }
    int which = (int) offsetValue - 1 + (literalLength == 0 ? 1 : 0);
    int distance = which == REPEATS ? lastOffsets[0] - 1 : lastOffsets[which];
    DamagedZstd.check(distance > 0, "an offset of 0");
    return remember(distance, Math.min(which, REPEATS - 1));
  }

  private int remember(int distance, int dropped) {
    for (int i = dropped; i > 0; i--) {
      lastOffsets[i] = lastOffsets[i - 1];
    }
    lastOffsets[0] = distance;
    return distance;
  }
}
