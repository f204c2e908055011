package dev.pgmap.api.fs;

/**
 * What the engine does for a mounted file system. Thread-safe.
 *
 * <p>Made for one mount; all that was made from it goes at unmount.
 */
public interface FsHost {
  /**
   * {@code inode->i_mapping} of a DAX file: an address space whose entries the engine keeps.
   *
   * @param name the file's name for messages and {@code /proc/PID/maps}, such as {@code /mnt/t1}
   * @param ino the inode number, as events of {@code fs_dax} show it
   * @param iomap where the file's bytes lie
   */
  DaxMapping newMapping(String name, long ino, IomapOps iomap);

  /** A sleeping lock; plugins have no others. */
  FsLock newLock();

  /**
   * Takes the device for this mount ({@code fs_dax_get_by_bdev} with a holder).
   *
   * @throws dev.pgmap.api.MmException EBUSY if somebody has it, ENXIO if it is dead
   */
  void setHolder(HolderOps holder);

  /**
   * Whether this kernel lets DAX files share blocks (6.0 on); before, reflink and DAX exclude each
   * other.
   */
  boolean supportsSharedBlocks();

  /** Adds a line to the kernel log, such as that of a forced shutdown. */
  void log(String line);
}
