package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.plugins.fsdax.format.SealedBlock.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks that hold the extents of a fragmented file.
 *
 * <pre>
 * byte 32 extents in this block    4
 *      40 next block, or 0         8
 *      48 extents           24 each, up to 168
 * </pre>
 *
 * <p>A chain is never changed: a new one is written to free blocks, and the inode is made to point
 * there.
 */
public final class ExtentChain {
  private static final int EXTENTS_AT = 48;

  /** How many extents a block holds. */
  public static final int PER_BLOCK = (SealedBlock.BYTES - EXTENTS_AT) / ExtentCodec.BYTES;

  private final BlockSource source;
  private final Superblock superblock;
  private final long ino;

  /** The chain of an inode. */
  ExtentChain(BlockSource source, Superblock superblock, long ino) {
    this.source = source;
    this.superblock = superblock;
    this.ino = ino;
  }

  /** How many blocks a number of extents needs. */
  public static int blocksFor(int nrExtents) {
    return (nrExtents + PER_BLOCK - 1) / PER_BLOCK;
  }

  /**
   * The bytes of one block.
   *
   * @param block its number
   * @param next the next one's, or 0
   */
  public static byte[] encode(
      long block, long ino, long filesystem, List<Extent> extents, long next) {
    ByteBuffer at = SealedBlock.fresh(Kind.EXTENTS, block, ino, filesystem);
    at.putInt(32, extents.size()).putLong(40, next);
    for (int i = 0; i < extents.size(); i++) {
      ExtentCodec.put(at, EXTENTS_AT + i * ExtentCodec.BYTES, extents.get(i));
    }
    return SealedBlock.seal(at);
  }

  /**
   * Reads a chain.
   *
   * @param first its first block, or 0
   * @param total how many extents the file has
   * @param extents those of the inode; the others are added
   * @return the blocks of the chain
   */
  List<Long> read(long first, int total, List<Extent> extents) {
    List<Long> blocks = new ArrayList<>();
    long next = first;
    while (extents.size() < total) {
      String what = "%s: extent map of inode %d".formatted(source.name(), ino);
      superblock.limits().check(what, next);
      blocks.add(next);
      next = readBlock(what, next, total, extents);
    }
    if (next != 0) {
      throw Damage.in(
          "%s: extent map of inode %d".formatted(source.name(), ino),
          "goes on at block " + next,
          "its end after %d extents".formatted(total));
    }
    return blocks;
  }

  private long readBlock(String what, long block, int total, List<Extent> extents) {
    ByteBuffer at =
        SealedBlock.open(
            source.name(), source.read(block), Kind.EXTENTS, block, ino, superblock.filesystemId());
    int count = at.getInt(32);
    if (count < 1 || count > PER_BLOCK || count > total - extents.size()) {
      throw Damage.in(what, count + " extents in a block", "1 to " + PER_BLOCK);
    }
    for (int i = 0; i < count; i++) {
      long page = extents.isEmpty() ? 0 : extents.getLast().endPage();
      int offset = EXTENTS_AT + i * ExtentCodec.BYTES;
      extents.add(ExtentCodec.get(what, at, offset, page, superblock.limits()));
    }
    return at.getLong(40);
  }
}
