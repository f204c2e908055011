package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.BlockBytes;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.core.pmem.DiskBytes;

/**
 * The block device that a file system lies on.
 *
 * @param bytes its bytes, and which page frames hold them
 * @param dev its number as events show it: major shifted left by 20, and minor
 */
public record DaxTarget(BlockBytes bytes, long dev) {
  /** What {@link #pfnOf} says where an extent cannot be mapped at that size. */
  static final long UNSUITED = -1;

  private static final long BLKEXT_MAJOR = 259;
  private static final int MINOR_BITS = 20;

  /** The target that a pmem disk is, under the number of its name. */
  static DaxTarget of(DiskBytes bytes) {
    String digits = bytes.name().replaceAll("[^0-9]", "");
    long minor = digits.isEmpty() ? 0 : Long.parseLong(digits);
    return new DaxTarget(bytes, BLKEXT_MAJOR << MINOR_BITS | minor);
  }

  /**
   * {@code dax_iomap_direct_access}: the first page frame of a block of a file.
   *
   * @param size of the block in bytes, 4 KiB or 2 MiB
   * @return the pfn, or {@link #UNSUITED} if the extent ends in the block, or the pfn is not a
   *     multiple of it
   */
  long pfnOf(Iomap extent, long pos, long size) {
    if (extent.end() - pos < size) {
      return UNSUITED;
    }
    long pfn = bytes.physicalPfn(extent.deviceOffsetOf(pos));
    return (pfn & (size >>> 12) - 1) == 0 ? pfn : UNSUITED;
  }

  /** {@code dax_iomap_copy_around} of a whole block: what was shared becomes the copy's bytes. */
  void copy(Iomap from, Iomap to, long pos, int size) {
    byte[] block = new byte[size];
    if (from.type() == Iomap.Type.MAPPED) {
      bytes.read(from.deviceOffsetOf(pos), block, 0, size);
    }
    bytes.write(to.deviceOffsetOf(pos), block, 0, size);
  }
}
