package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.format.SealedBlock.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Block 0: what file system this is. Written once, by mkfs.
 *
 * <pre>
 * byte 32 version               4
 *      36 flags (1 reflink, 2 reverse map) 4
 *      40 blocks                8
 *      48 journal blocks, from block 1     4
 *      52 block size            4
 *      56 root inode            8
 *      64 uuid                 16
 *      80 label, zero-filled   16
 *      96 flavour, zero-filled 16
 * </pre>
 *
 * @param nrBlocks blocks of the file system
 * @param nrJournalBlocks blocks of the journal, which begins at block 1
 * @param root the root directory's inode
 * @param uuid of the file system
 * @param label its name; empty for none
 * @param flavour what mkfs was called as
 * @param reflink whether files may share blocks
 * @param reverseMap whether failed pages are traced back to files
 */
public record Superblock(
    long nrBlocks,
    int nrJournalBlocks,
    long root,
    UUID uuid,
    String label,
    String flavour,
    boolean reflink,
    boolean reverseMap) {
  /** The version that this code writes and the only one that it reads. */
  public static final int VERSION = 1;

  private static final int NAME_BYTES = 16;
  private static final int REFLINK = 1;
  private static final int REVERSE_MAP = 2;
  private static final int MIN_JOURNAL_BLOCKS = 8;

  /** The number that every block of metadata carries. */
  public long filesystemId() {
    return uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
  }

  /** The blocks that files can use. */
  public Limits limits() {
    return new Limits(1L + nrJournalBlocks, nrBlocks);
  }

  /** Whether a name fits into a label. */
  public static boolean fits(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES && name.indexOf(0) < 0;
  }

  /** The bytes for the medium. */
  public byte[] encode() {
    ByteBuffer at = SealedBlock.fresh(Kind.SUPERBLOCK, 0, 0, filesystemId());
    at.putInt(32, VERSION).putInt(36, (reflink ? REFLINK : 0) | (reverseMap ? REVERSE_MAP : 0));
    at.putLong(40, nrBlocks).putInt(48, nrJournalBlocks).putInt(52, SealedBlock.BYTES);
    at.putLong(56, root);
    at.putLong(64, uuid.getMostSignificantBits()).putLong(72, uuid.getLeastSignificantBits());
    at.put(80, label.getBytes(StandardCharsets.UTF_8));
    at.put(96, flavour.getBytes(StandardCharsets.UTF_8));
    return SealedBlock.seal(at);
  }

  /**
   * Reads block 0.
   *
   * @throws MmException EINVAL if there is no file system of this kind, EUCLEAN if it is damaged
   */
  public static Superblock read(BlockSource source) {
    byte[] bytes = source.read(0);
    if (!SealedBlock.looksLike(bytes, Kind.SUPERBLOCK)) {
      throw new MmException(
          Errno.EINVAL,
          source.name(),
          "wrong fs type: no superblock",
          "a file system made by mkfs.dax",
          "mkfs.dax /dev/" + source.name());
    }
    long id = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(24);
    ByteBuffer at = SealedBlock.open(source.name(), bytes, Kind.SUPERBLOCK, 0, 0, id);
    Superblock found =
        new Superblock(
            at.getLong(40),
            at.getInt(48),
            at.getLong(56),
            new UUID(at.getLong(64), at.getLong(72)),
            name(bytes, 80),
            name(bytes, 96),
            (at.getInt(36) & REFLINK) != 0,
            (at.getInt(36) & REVERSE_MAP) != 0);
    found.check(source, at, id);
    return found;
  }

  private void check(BlockSource source, ByteBuffer at, long id) {
    String what = source.name() + ": superblock";
    if (at.getInt(32) != VERSION) {
      throw new MmException(
          Errno.EINVAL, what, "version " + at.getInt(32), "version " + VERSION, "");
    }
    if (at.getInt(52) != SealedBlock.BYTES || (at.getInt(36) & ~(REFLINK | REVERSE_MAP)) != 0) {
      throw Damage.in(what, "block size or flags unknown", "4096, flags up to 3");
    }
    if (id != filesystemId()) {
      throw Damage.in(what, "uuid %s of another file system".formatted(uuid), "its own");
    }
    if (nrBlocks > source.nrBlocks()) {
      throw Damage.in(what, nrBlocks + " blocks", "at most the device's " + source.nrBlocks());
    }
    if (nrJournalBlocks < MIN_JOURNAL_BLOCKS || nrJournalBlocks > nrBlocks / 2) {
      throw Damage.in(what, nrJournalBlocks + " journal blocks", "at least " + MIN_JOURNAL_BLOCKS);
    }
    limits().check(what + ": root", root);
  }

  private static String name(byte[] bytes, int from) {
    int end = from;
    while (end < from + NAME_BYTES && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }
}
