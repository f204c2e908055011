package dev.pgmap.plugins.fsdax.format;

/**
 * The blocks that files and directories can use.
 *
 * @param firstBlock the first after the journal
 * @param endBlock one past the last
 */
public record Limits(long firstBlock, long endBlock) {
  /**
   * Refuses a block number out of range.
   *
   * @throws dev.pgmap.api.MmException EUCLEAN
   */
  void check(String what, long block) {
    if (block < firstBlock || block >= endBlock) {
      throw Damage.in(
          what, "block " + block, "one from %d to %d".formatted(firstBlock, endBlock - 1));
    }
  }
}
