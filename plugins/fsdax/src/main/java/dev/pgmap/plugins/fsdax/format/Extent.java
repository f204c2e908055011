package dev.pgmap.plugins.fsdax.format;

/**
 * A run of blocks of a file.
 *
 * @param page first file page (4 KiB)
 * @param block first block of the device
 * @param nrBlocks how many, at least 1
 * @param unwritten whether it reads as zeroes whatever the blocks hold
 */
public record Extent(long page, long block, long nrBlocks, boolean unwritten) {
  /** One past the last file page. */
  public long endPage() {
    return page + nrBlocks;
  }

  /** One past the last block. */
  public long endBlock() {
    return block + nrBlocks;
  }

  /** The block of a file page of this extent. */
  public long blockOf(long filePage) {
    return block + (filePage - page);
  }

  /** The part of it within file pages {@code from} to {@code to}, which must meet it. */
  public Extent clip(long from, long to) {
    long first = Math.max(page, from);
    return new Extent(first, blockOf(first), Math.min(endPage(), to) - first, unwritten);
  }

  /** Whether {@code next} goes on where this ends, in the file and on the device. */
  public boolean meets(Extent next) {
    return endPage() == next.page && endBlock() == next.block && unwritten == next.unwritten;
  }
}
