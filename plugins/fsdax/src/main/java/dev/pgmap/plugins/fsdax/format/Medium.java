package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.api.fs.BlockBytes;

/** The device in blocks. Thread-safe. */
public final class Medium implements BlockSource {
  private final BlockBytes bytes;

  /** The blocks of a device. */
  public Medium(BlockBytes bytes) {
    this.bytes = bytes;
  }

  /** The device. */
  public BlockBytes bytes() {
    return bytes;
  }

  @Override
  public String name() {
    return bytes.name();
  }

  @Override
  public long nrBlocks() {
    return bytes.bytes() / SealedBlock.BYTES;
  }

  @Override
  public byte[] read(long block) {
    byte[] content = new byte[SealedBlock.BYTES];
    bytes.read(block * SealedBlock.BYTES, content, 0, content.length);
    return content;
  }

  /** Stores a block; not ordered before a {@link #fence}. */
  public void write(long block, byte[] content) {
    bytes.write(block * SealedBlock.BYTES, content, 0, SealedBlock.BYTES);
  }

  /** Makes blocks read as zeroes. */
  public void zero(long block, long nrBlocks) {
    bytes.zero(block * SealedBlock.BYTES, nrBlocks * SealedBlock.BYTES);
  }

  /** Orders the stores before it before those after it. */
  public void fence() {
    bytes.fence();
  }
}
