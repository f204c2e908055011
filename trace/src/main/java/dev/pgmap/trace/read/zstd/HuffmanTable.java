package dev.pgmap.trace.read.zstd;

import java.util.Arrays;

/** A decoding table of Huffman codes for literals. Immutable once made. */
final class HuffmanTable {
  private static final int MOST_BITS = 11;
  private static final int MOST_WEIGHTS = 255;
  private static final int MOST_WEIGHT = 15;
  private static final int WEIGHT_LOG = 6;
  private static final int DIRECT = 128;

  private final int maxBits;
  private final byte[] symbols;
  private final byte[] bits;

  private HuffmanTable(int maxBits) {
    this.maxBits = maxBits;
    this.symbols = new byte[1 << maxBits];
    this.bits = new byte[1 << maxBits];
  }

  /** A table, and where the bytes behind its description begin. */
  record Read(HuffmanTable table, int end) {}

  /**
   * Reads the description of a table.
   *
   * @throws DamagedZstd if it is none
   */
  static Read read(byte[] bytes, int from, int to) throws DamagedZstd {
    DamagedZstd.check(from < to, "Huffman codes that are missing");
    int head = bytes[from] & 0xff;
    if (head >= DIRECT) {
      int count = head - DIRECT + 1;
      int end = from + 1 + (count + 1) / 2;
      DamagedZstd.check(end <= to, "Huffman codes that are cut short");
      int[] weights = new int[count];
      for (int i = 0; i < count; i++) {
        weights[i] = bytes[from + 1 + i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf;
      }
      return new Read(of(weights), end);
    }
    int end = from + 1 + head;
    DamagedZstd.check(end <= to, "Huffman codes that are cut short");
    return new Read(of(packedWeights(bytes, from + 1, end)), end);
  }

  /** Two states take turns until there are no bits left for the next one. */
  private static int[] packedWeights(byte[] bytes, int from, int to) throws DamagedZstd {
    FseTable.Reader reader = new FseTable.Reader(bytes, from, to);
    FseTable table = reader.read(WEIGHT_LOG, MOST_WEIGHT);
    BackwardBits in = new BackwardBits(bytes, reader.end(), to);
    int[] states = {table.start(in), table.start(in)};
    DamagedZstd.check(in.left() >= 0, "Huffman codes that are cut short");
    int[] weights = new int[MOST_WEIGHTS];
    for (int count = 0; ; count++) {
      int turn = count & 1;
      DamagedZstd.check(count < MOST_WEIGHTS - 1, "Huffman codes for too many symbols");
      weights[count] = table.symbol(states[turn]);
      if (table.bits(states[turn]) > in.left()) {
        weights[count + 1] = table.symbol(states[1 - turn]);
        return Arrays.copyOf(weights, count + 2);
      }
      states[turn] = table.next(states[turn], in);
    }
  }

  /** The last symbol's weight is not stated: it fills the codes up. */
  private static HuffmanTable of(int[] stated) throws DamagedZstd {
    long sum = 0;
    for (int weight : stated) {
      DamagedZstd.check(weight <= MOST_BITS, "a Huffman code that is too long");
      sum += weight == 0 ? 0 : 1L << weight - 1;
    }
    int maxBits = Long.SIZE - Long.numberOfLeadingZeros(sum);
    long rest = (1L << maxBits) - sum;
    DamagedZstd.check(
        sum > 0 && maxBits <= MOST_BITS && Long.bitCount(rest) == 1,
        "Huffman codes that do not fit");
    int[] weights = Arrays.copyOf(stated, stated.length + 1);
    weights[stated.length] = Long.numberOfTrailingZeros(rest) + 1;
    HuffmanTable table = new HuffmanTable(maxBits);
    table.fill(weights);
    return table;
  }

  private void fill(int[] weights) {
    int at = 0;
    for (int weight = 1; weight <= maxBits; weight++) {
      for (int symbol = 0; symbol < weights.length; symbol++) {
        if (weights[symbol] == weight) {
          int end = at + (1 << weight - 1);
          Arrays.fill(symbols, at, end, (byte) symbol);
          Arrays.fill(bits, at, end, (byte) (maxBits + 1 - weight));
          at = end;
        }
      }
    }
  }

  /**
   * Decodes a stream of literals.
   *
   * @throws DamagedZstd if it does not hold just as many
   */
  void decode(byte[] in, int from, int to, byte[] out, int outFrom, int outTo) throws DamagedZstd {
    BackwardBits stream = new BackwardBits(in, from, to);
    for (int i = outFrom; i < outTo; i++) {
      int code = stream.peek(maxBits);
      out[i] = symbols[code];
      stream.skip(bits[code]);
    }
    DamagedZstd.check(stream.left() == 0, "literals of another number");
  }
}
