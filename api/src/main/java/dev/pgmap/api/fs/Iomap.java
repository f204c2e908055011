package dev.pgmap.api.fs;

import org.jspecify.annotations.Nullable;

/**
 * {@code struct iomap}: an extent of a file.
 *
 * @param type what is there
 * @param pos file offset in bytes, a multiple of 4096
 * @param length bytes, a positive multiple of 4096
 * @param deviceOffset where it begins on the device, in bytes; {@link #NO_OFFSET} for a hole
 * @param flags of the {@code F_} constants
 * @param source for a write to shared blocks: the extent that is to be copied first, else null
 */
public record Iomap(
    Type type, long pos, long length, long deviceOffset, int flags, @Nullable Iomap source) {
  /** The device offset of a hole, {@code IOMAP_NULL_ADDR}. */
  public static final long NO_OFFSET = -1;

  /** Blocks were allocated for this call. */
  public static final int F_NEW = 1;

  /** The file has metadata that is not on the medium yet. */
  public static final int F_DIRTY = 1 << 1;

  /** The blocks belong to other files too; or, with a source, did until this write. */
  public static final int F_SHARED = 1 << 2;

  /** What an extent is. */
  public enum Type {
    /** No blocks; reads as zeroes. */
    HOLE,
    /** Blocks that are allocated and read as zeroes. */
    UNWRITTEN,
    /** Blocks with data. */
    MAPPED,
    /** Data in the inode itself; this engine's DAX cannot map it. */
    INLINE
  }

  /** An extent without a source. */
  public Iomap(Type type, long pos, long length, long deviceOffset, int flags) {
    this(type, pos, length, deviceOffset, flags, null);
  }

  /** Whether all bits of {@code flag} are set. */
  public boolean has(int flag) {
    return (flags & flag) == flag;
  }

  /** The device offset of a file offset that the extent covers. */
  public long deviceOffsetOf(long filePos) {
    return deviceOffset + (filePos - pos);
  }

  /** One past the last file offset. */
  public long end() {
    return pos + length;
  }
}
