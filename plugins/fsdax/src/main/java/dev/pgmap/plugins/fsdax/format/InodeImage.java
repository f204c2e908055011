package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.plugins.fsdax.format.SealedBlock.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An inode on the medium. Its number is its block.
 *
 * <pre>
 * byte 32 type (1 file, 2 directory) 4
 *      36 links                 4
 *      40 size in bytes         8
 *      48 extents in all        4
 *      52 extents in this block 4
 *      56 first block of the extent chain, or 0  8
 *      64 extents              24 each, up to 168
 * </pre>
 *
 * @param ino its number
 * @param isDirectory whether it is one
 * @param nrLinks names that lead to it
 * @param sizeBytes its size
 * @param extents all of them, in order of file pages
 * @param chain the blocks that hold those extents that have no room in the inode
 */
public record InodeImage(
    long ino,
    boolean isDirectory,
    int nrLinks,
    long sizeBytes,
    List<Extent> extents,
    List<Long> chain) {
  private static final int TYPE_FILE = 1;
  private static final int TYPE_DIRECTORY = 2;
  private static final int EXTENTS_AT = 64;

  /** How many extents have room in the inode itself. */
  public static final int MAX_INLINE = (SealedBlock.BYTES - EXTENTS_AT) / ExtentCodec.BYTES;

  /** The largest size of a file, in bytes. */
  public static final long MAX_BYTES = ExtentCodec.MAX_PAGES * SealedBlock.BYTES;

  /** Copies the lists. */
  public InodeImage {
    extents = List.copyOf(extents);
    chain = List.copyOf(chain);
  }

  /** The bytes of the inode block. */
  public byte[] encode(long filesystem) {
    ByteBuffer at = SealedBlock.fresh(Kind.INODE, ino, ino, filesystem);
    int inline = Math.min(extents.size(), MAX_INLINE);
    at.putInt(32, isDirectory ? TYPE_DIRECTORY : TYPE_FILE).putInt(36, nrLinks);
    at.putLong(40, sizeBytes).putInt(48, extents.size()).putInt(52, inline);
    at.putLong(56, chain.isEmpty() ? 0 : chain.getFirst());
    for (int i = 0; i < inline; i++) {
      ExtentCodec.put(at, EXTENTS_AT + i * ExtentCodec.BYTES, extents.get(i));
    }
    return SealedBlock.seal(at);
  }

  /** The extents that the chain holds. */
  public List<Extent> chained() {
    return extents.subList(Math.min(extents.size(), MAX_INLINE), extents.size());
  }

  /**
   * Reads an inode and its chain.
   *
   * @throws dev.pgmap.api.MmException EUCLEAN if any of it is damaged
   */
  public static InodeImage read(BlockSource source, long ino, Superblock superblock) {
    String what = "%s: inode %d".formatted(source.name(), ino);
    Limits limits = superblock.limits();
    limits.check(what, ino);
    ByteBuffer at =
        SealedBlock.open(
            source.name(), source.read(ino), Kind.INODE, ino, ino, superblock.filesystemId());
    int type = at.getInt(32);
    int nrLinks = at.getInt(36);
    long size = at.getLong(40);
    int total = at.getInt(48);
    int inline = at.getInt(52);
    check(what, type, nrLinks, size);
    if (total < 0 || inline != Math.min(total, MAX_INLINE)) {
      throw Damage.in(what, "%d of %d extents".formatted(inline, total), "as many as fit");
    }
    List<Extent> extents = new ArrayList<>();
    long page = 0;
    for (int i = 0; i < inline; i++) {
      int offset = EXTENTS_AT + i * ExtentCodec.BYTES;
      Extent extent = ExtentCodec.get(what, at, offset, page, limits);
      extents.add(extent);
      page = extent.endPage();
    }
    List<Long> chain =
        new ExtentChain(source, superblock, ino).read(at.getLong(56), total, extents);
    return new InodeImage(ino, type == TYPE_DIRECTORY, nrLinks, size, extents, chain);
  }

  private static void check(String what, int type, int nrLinks, long size) {
    if (type != TYPE_FILE && type != TYPE_DIRECTORY) {
      throw Damage.in(what, "type " + type, "1 (file) or 2 (directory)");
    }
    if (nrLinks < 1) {
      throw Damage.in(what, nrLinks + " links", "at least one");
    }
    if (size < 0 || size > MAX_BYTES) {
      throw Damage.in(what, "size " + size, "0 to " + MAX_BYTES);
    }
  }
}
