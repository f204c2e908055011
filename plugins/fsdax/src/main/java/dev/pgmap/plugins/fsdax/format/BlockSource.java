package dev.pgmap.plugins.fsdax.format;

/** Where blocks are read from: the medium, or the medium as a replayed journal would leave it. */
public interface BlockSource {
  /** The device's name, for messages. */
  String name();

  /** How many blocks there are. */
  long nrBlocks();

  /**
   * A copy of a block.
   *
   * @param block below {@link #nrBlocks}
   */
  byte[] read(long block);
}
