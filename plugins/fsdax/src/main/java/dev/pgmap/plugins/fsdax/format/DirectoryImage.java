package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.plugins.fsdax.format.SealedBlock.Kind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A block of a directory: names and the inodes that they lead to.
 *
 * <pre>
 * byte 32 entries               4
 *      36 bytes of entries      4
 *      40 entries: inode 8, length of the name 2, name in UTF-8
 * </pre>
 */
public final class DirectoryImage {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 255;

  /** Bytes that the entries of a block can have in all. */
  public static final int CAPACITY = SealedBlock.BYTES - 40;

  private static final int ENTRIES_AT = 40;
  private static final int ENTRY_HEAD = 10;

  private DirectoryImage() {}

  /** Bytes that an entry of that name needs. */
  public static int bytesOf(String name) {
    return ENTRY_HEAD + name.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The bytes of a block. */
  public static byte[] encode(
      long block, long directory, long filesystem, Map<String, Long> entries) {
    ByteBuffer at = SealedBlock.fresh(Kind.DIRECTORY, block, directory, filesystem);
    at.position(ENTRIES_AT);
    entries.forEach((name, ino) -> {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      at.putLong(ino).putShort((short) bytes.length).put(bytes);
    });
    at.putInt(32, entries.size()).putInt(36, at.position() - ENTRIES_AT);
    return SealedBlock.seal(at);
  }

  /**
   * Reads a block of a directory.
   *
   * @throws dev.pgmap.api.MmException EUCLEAN if it is damaged
   */
  public static Map<String, Long> read(
      BlockSource source, long block, long directory, Superblock superblock) {
    ByteBuffer at =
        SealedBlock.open(
            source.name(),
            source.read(block),
            Kind.DIRECTORY,
            block,
            directory,
            superblock.filesystemId());
    String what = "%s: directory block %d of inode %d".formatted(source.name(), block, directory);
    int count = at.getInt(32);
    int used = at.getInt(36);
    if (count < 0 || used < 0 || used > CAPACITY) {
      throw Damage.in(what, "%d entries in %d bytes".formatted(count, used), "entries that fit");
    }
    at.position(ENTRIES_AT).limit(ENTRIES_AT + used);
    Map<String, Long> entries = new LinkedHashMap<>();
    while (at.hasRemaining()) {
      readEntry(what, at, entries, superblock.limits());
    }
    if (entries.size() != count) {
      throw Damage.in(what, entries.size() + " entries", count + " different ones");
    }
    return entries;
  }

  private static void readEntry(
      String what, ByteBuffer at, Map<String, Long> entries, Limits limits) {
    if (at.remaining() < ENTRY_HEAD) {
      throw Damage.in(what, "an entry that is cut off", "whole entries");
    }
    long ino = at.getLong();
    int length = at.getShort();
    if (length < 1 || length > MAX_NAME_BYTES || length > at.remaining()) {
      throw Damage.in(what, "a name of %d bytes".formatted(length), "1 to " + MAX_NAME_BYTES);
    }
    ByteBuffer bytes = at.slice(at.position(), length);
    at.position(at.position() + length);
    limits.check(what, ino);
    entries.put(decode(what, bytes), ino);
  }

  private static String decode(String what, ByteBuffer bytes) {
    try {
      CharBuffer name = StandardCharsets.UTF_8.newDecoder().decode(bytes);
      String text = name.toString();
      if (text.indexOf('/') >= 0 || text.indexOf(0) >= 0) {
        throw Damage.in(what, "the name '" + text + "'", "one without / and NUL");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw Damage.in(what, "a name that is no UTF-8", "UTF-8");
    }
  }
}
