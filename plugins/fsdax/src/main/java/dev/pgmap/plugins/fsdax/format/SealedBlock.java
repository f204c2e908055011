package dev.pgmap.plugins.fsdax.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame of every block of metadata, little-endian.
 *
 * <pre>
 * byte  0 kind, four letters       4
 *       4 crc32c, with this field 0 4
 *       8 number of this block     8
 *      16 inode that it belongs to 8
 *      24 id of the file system    8
 *      32 content               4064
 * </pre>
 *
 * <p>The numbers make a block that was copied to a wrong place, or left by another inode or an
 * older file system, as wrong as one with a flipped bit.
 */
public final class SealedBlock {
  /** Size of every block. */
  public static final int BYTES = 4096;

  /** Where the content begins. */
  static final int CONTENT = 32;

  private static final int CRC_AT = 4;
  private static final int NUMBER_AT = 8;
  private static final int OWNER_AT = 16;
  private static final int FILESYSTEM_AT = 24;

  /** What a block is. */
  enum Kind {
    SUPERBLOCK("pgSB", "superblock"),
    JOURNAL("pgJR", "journal header"),
    INODE("pgIN", "inode"),
    EXTENTS("pgEX", "extent map"),
    DIRECTORY("pgDI", "directory block");

    private final int magic;
    private final String text;

    Kind(String letters, String text) {
      this.magic =
          letters.charAt(0)
              | letters.charAt(1) << 8
              | letters.charAt(2) << 16
              | letters.charAt(3) << 24;
      this.text = text;
    }

    /** The name for messages. */
    String text() {
      return text;
    }
  }

  private SealedBlock() {}

  /** An empty block of a kind; {@link #seal} it when its content is there. */
  static ByteBuffer fresh(Kind kind, long block, long owner, long filesystem) {
    ByteBuffer at = ByteBuffer.wrap(new byte[BYTES]).order(ByteOrder.LITTLE_ENDIAN);
    at.putInt(0, kind.magic);
    at.putLong(NUMBER_AT, block).putLong(OWNER_AT, owner).putLong(FILESYSTEM_AT, filesystem);
    return at;
  }

  /** Adds the checksum; the bytes for the medium. */
  static byte[] seal(ByteBuffer at) {
    at.putInt(CRC_AT, checksum(at.array()));
    return at.array();
  }

  /**
   * Checks a block that was read.
   *
   * @throws dev.pgmap.api.MmException EUCLEAN if it is not that block
   */
  static ByteBuffer open(
      String device, byte[] bytes, Kind kind, long block, long owner, long filesystem) {
    ByteBuffer at = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String what = "%s: %s at block %d".formatted(device, kind.text(), block);
    expect(what, "magic", at.getInt(0), kind.magic);
    expect(what, "checksum", at.getInt(CRC_AT), checksum(bytes));
    expect(what, "block number", at.getLong(NUMBER_AT), block);
    expect(what, "owner", at.getLong(OWNER_AT), owner);
    expect(what, "file system id", at.getLong(FILESYSTEM_AT), filesystem);
    return at;
  }

  private static void expect(String what, String field, long found, long expected) {
    if (found != expected) {
      throw Damage.in(
          what, "%s 0x%x".formatted(field, found), "%s 0x%x".formatted(field, expected));
    }
  }

  /** Whether bytes begin as a block of that kind does. */
  static boolean looksLike(byte[] bytes, Kind kind) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == kind.magic;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    crc.update(new byte[4]);
    crc.update(bytes, NUMBER_AT, BYTES - NUMBER_AT);
    return (int) crc.getValue();
  }
}
