package dev.pgmap.plugins.fsdax.space;

/**
 * Blocks in a row.
 *
 * @param block the first
 * @param nrBlocks how many, at least 1
 */
public record Run(long block, long nrBlocks) {
  /** One past the last block. */
  public long end() {
    return block + nrBlocks;
  }
}
