package dev.pgmap.trace.read.zstd;

import java.util.Arrays;

/**
 * A decoding table of finite state entropy: what each state means, and how the next one is found.
 * Immutable once made.
 */
final class FseTable {
  private static final int LEAST_LOG = 5;

  private final int log;
  private final byte[] symbols;
  private final byte[] bits;
  private final short[] bases;

  private FseTable(int log) {
    this.log = log;
    this.symbols = new byte[1 << log];
    this.bits = new byte[1 << log];
    this.bases = new short[1 << log];
  }

  /** A table of one state, which is always the same symbol. */
  static FseTable ofOne(int symbol) {
    FseTable table = new FseTable(0);
    table.symbols[0] = (byte) symbol;
    return table;
  }

  /**
   * A table of a distribution.
   *
   * @param counts of the 2^log states for each symbol; -1 is one state for less than one
   * @throws IllegalArgumentException if they do not add up to 2^log
   */
  static FseTable of(int log, int... counts) {
    int sum = Arrays.stream(counts).map(Math::abs).sum();
    if (sum != 1 << log) {
      throw new IllegalArgumentException("%d states, expected %d".formatted(sum, 1 << log));
    }
    FseTable table = new FseTable(log);
    int[] next = table.place(counts);
    for (int state = 0; state < 1 << log; state++) {
      int place = next[table.symbols[state]]++;
      int width = log - (31 - Integer.numberOfLeadingZeros(place));
      table.bits[state] = (byte) width;
      table.bases[state] = (short) ((place << width) - (1 << log));
    }
    return table;
  }

  /** Spreads the symbols over the states; says at which place each begins. */
  private int[] place(int[] counts) {
    int size = 1 << log;
    int[] next = new int[counts.length];
    int high = size - 1;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      next[symbol] = Math.abs(counts[symbol]);
      if (counts[symbol] == -1) {
        symbols[high--] = (byte) symbol;
      }
    }
    int step = (size >> 1) + (size >> 3) + 3;
    int position = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      for (int i = 0; i < counts[symbol]; i++) {
        symbols[position] = (byte) symbol;
        do {
          position = position + step & size - 1;
        } while (position > high);
      }
    }
    return next;
  }

  /** Reads the distributions that a block states. */
  static final class Reader {
    private final byte[] bytes;
    private final int to;
    private int at;
    private int bit;

    Reader(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.to = to;
    }

    /** Where the bytes behind the distribution begin. */
    int end() {
      return bit == 0 ? at : at + 1;
    }

    private int peek(int count) {
      int word = 0;
      for (int i = 0; i < 4; i++) {
        int index = at + i;
        word |= (index < to ? bytes[index] & 0xff : 0) << 8 * i;
      }
      return word >>> bit & (1 << count) - 1;
    }

    private void skip(int count) throws DamagedZstd {
      at += bit + count >>> 3;
      bit = bit + count & 7;
      DamagedZstd.check(end() <= to, "a distribution that is cut short");
    }

    /**
     * A table of the next distribution.
     *
     * @throws DamagedZstd if it is none
     */
    FseTable read(int mostLog, int mostSymbol) throws DamagedZstd {
      int log = peek(4) + LEAST_LOG;
      skip(4);
      DamagedZstd.check(log <= mostLog, "a distribution over too many states");
      int[] counts = new int[mostSymbol + 1];
      int remaining = (1 << log) + 1;
      int symbol = 0;
      while (remaining > 1) {
        DamagedZstd.check(symbol <= mostSymbol, "a distribution over too many symbols");
        int count = count(remaining);
        remaining -= Math.abs(count);
        DamagedZstd.check(remaining >= 1, "a distribution that adds up to too much");
        counts[symbol++] = count;
        if (count == 0) {
          symbol += zeroes();
        }
      }
      return of(log, Arrays.copyOf(counts, Math.min(symbol, counts.length)));
    }

    /** Small numbers take a bit less, as there are fewer that are possible. */
    private int count(int remaining) throws DamagedZstd {
      int width = 32 - Integer.numberOfLeadingZeros(remaining);
      int threshold = 1 << width - 1;
      int fewer = 2 * threshold - 1 - remaining;
      int low = peek(width - 1);
      if (low < fewer) {
        skip(width - 1);
        return low - 1;
      }
      int value = peek(width);
      skip(width);
      return (value >= threshold ? value - fewer : value) - 1;
    }

    private int zeroes() throws DamagedZstd {
      int zeroes = 0;
      int more;
      do {
        more = peek(2);
        skip(2);
        zeroes += more;
      } while (more == 3);
      return zeroes;
    }
  }

  /** The first state of a bit stream. */
  int start(BackwardBits in) {
    return in.read(log);
  }

  int symbol(int state) {
    return symbols[state];
  }

  /** How many bits the next state takes. */
  int bits(int state) {
    return bits[state];
  }

  int next(int state, BackwardBits in) {
    return bases[state] + in.read(bits[state]);
  }
}
