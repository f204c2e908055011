package dev.pgmap.plugins.fsdax.format;

import java.nio.ByteBuffer;

/** An extent in 24 bytes: file page with the unwritten bit on top, block, number of blocks. */
final class ExtentCodec {
  static final int BYTES = 24;

  /** One past the highest file page. */
  static final long MAX_PAGES = 1L << 32;

  private static final long UNWRITTEN = 1L << 63;

  private ExtentCodec() {}

  static void put(ByteBuffer at, int offset, Extent extent) {
    at.putLong(offset, extent.page() | (extent.unwritten() ? UNWRITTEN : 0));
    at.putLong(offset + 8, extent.block());
    at.putLong(offset + 16, extent.nrBlocks());
  }

  /**
   * Reads an extent.
   *
   * @param minPage the first file page that it may have
   * @param limits which blocks exist
   * @throws dev.pgmap.api.MmException EUCLEAN if it cannot be true
   */
  static Extent get(String what, ByteBuffer at, int offset, long minPage, Limits limits) {
    long first = at.getLong(offset);
    Extent extent =
        new Extent(first & ~UNWRITTEN, at.getLong(offset + 8), at.getLong(offset + 16), first < 0);
    long n = extent.nrBlocks();
    if (n < 1
        || n > limits.endBlock()
        || extent.block() < limits.firstBlock()
        || extent.block() > limits.endBlock() - n) {
      throw Damage.in(
          what,
          "extent of %d blocks from %d".formatted(n, extent.block()),
          "blocks from %d to %d".formatted(limits.firstBlock(), limits.endBlock() - 1));
    }
    if (extent.page() < minPage || extent.endPage() > MAX_PAGES) {
      throw Damage.in(
          what,
          "extent at file page %d".formatted(extent.page()),
          "file pages in order, from %d".formatted(minPage));
    }
    return extent;
  }
}
