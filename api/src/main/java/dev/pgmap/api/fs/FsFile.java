package dev.pgmap.api.fs;

import java.util.List;

/**
 * An open file of a mounted file system. Thread-safe.
 *
 * <p>Every method throws {@link dev.pgmap.api.MmException}: EIO after a shutdown, EBADF after
 * {@link #close}.
 */
public interface FsFile extends AutoCloseable {
  /** The inode number. */
  long ino();

  /** {@code i_size} in bytes. */
  long sizeBytes();

  /**
   * Reads through the DAX bytes.
   *
   * @return bytes read, fewer than asked for only at the end of the file; 0 at or after it
   */
  int read(long pos, byte[] to, int at, int nrBytes);

  /**
   * Writes through the DAX bytes, growing the file as needed. Blocks and size that the write needs
   * change in one step, after the data is there.
   *
   * @throws dev.pgmap.api.MmException ENOSPC, EFBIG; the file is as before
   */
  void write(long pos, byte[] from, int at, int nrBytes);

  /**
   * {@code ftruncate}; waits for pinned pages that it would cut off.
   *
   * @throws dev.pgmap.api.MmException EINTR, EINVAL, EFBIG
   */
  void truncate(long sizeBytes);

  /**
   * {@code fallocate}: blocks for a part, in extents that 2 MiB entries can map where there is
   * room.
   *
   * @param keepSize whether {@code i_size} stays although the part lies behind it
   * @throws dev.pgmap.api.MmException ENOSPC, EINVAL, EFBIG; the file is as before
   */
  void fallocate(long pos, long nrBytes, boolean keepSize);

  /**
   * {@code fallocate -p}: gives the blocks of a part back; it reads as zeroes. Waits for pinned
   * pages in it.
   *
   * @throws dev.pgmap.api.MmException EINTR, EINVAL
   */
  void punchHole(long pos, long nrBytes);

  /** {@code fsync}: what was stored before the call survives whatever happens after it. */
  void fsync();

  /** {@code FS_IOC_FIEMAP}: the extents in order, holes left out. */
  List<Iomap> fiemap();

  /** Its mapping; the same for every open file of an inode. */
  DaxMapping mapping();

  /** Closes it; an inode without a name goes with its last open file and its last area. */
  @Override
  void close();
}
