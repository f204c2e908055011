package dev.pgmap.api.fs;

/**
 * Where the bytes of one file lie: {@code struct iomap_ops}, and the few fields of the inode that
 * DAX needs.
 *
 * <p>Called with the mapping's invalidate lock held as a reader by faults. Thread-safe. Must not
 * call back into the {@link DaxMapping}.
 */
public interface IomapOps {
  /** The bytes will be stored to: holes are allocated, unwritten extents zeroed and converted. */
  int WRITE = 1 << 0;

  /** Only what is there; nothing is allocated. */
  int REPORT = 1 << 2;

  /** For a page fault. */
  int FAULT = 1 << 3;

  /** The bytes will be zeroed: nothing is allocated for holes. */
  int ZERO = 1 << 1;

  /** Shared blocks are to become the file's own ({@code IOMAP_UNSHARE}). */
  int UNSHARE = 1 << 7;

  /**
   * Maps the bytes from {@code pos} on.
   *
   * @param pos file offset in bytes
   * @param length how many are wanted; at least 1
   * @param flags of the constants here
   * @return an extent that begins at {@code pos} rounded down to 4 KiB or before it, and covers at
   *     least the byte at {@code pos}
   * @throws dev.pgmap.api.MmException ENOSPC, EIO after a shutdown
   */
  Iomap begin(long pos, long length, int flags);

  /**
   * Ends what {@link #begin} began; a copy of shared blocks takes its place in the file now.
   *
   * @param written bytes that were really written or mapped; 0 gives new blocks of a copy back
   */
  default void end(long pos, long length, long written, int flags, Iomap iomap) {}

  /** {@code i_size} in bytes. */
  long sizeBytes();

  /** Puts the file's metadata on the medium, for a synchronous fault ({@code vfs_fsync_range}). */
  void syncMetadata();

  /** The last area that mapped the file is gone; a deleted file may go now. */
  default void lastUnmap() {}
}
