package dev.pgmap.api.fs;

import java.util.List;

/**
 * A mounted file system, {@code struct super_block}. Thread-safe.
 *
 * <p>Paths are relative to its root, with single slashes and none at either end; the empty path is
 * the root. Every method that takes one throws {@link dev.pgmap.api.MmException}: ENOENT, ENOTDIR,
 * ENAMETOOLONG; every method throws EIO after a shutdown. Every change is atomic: whenever the
 * process is killed, the next mount finds it done or not done.
 */
public interface MountedFilesystem {
  /** The type's name, or the flavour that it was made as. */
  String typeName();

  /**
   * What a path leads to.
   *
   * @throws dev.pgmap.api.MmException ENOENT
   */
  FsStat stat(String path);

  /**
   * Opens a file.
   *
   * @param create whether to make it if it is not there
   * @throws dev.pgmap.api.MmException EISDIR, ENOSPC
   */
  FsFile open(String path, boolean create);

  /**
   * The names in a directory, sorted.
   *
   * @throws dev.pgmap.api.MmException ENOTDIR
   */
  List<String> list(String path);

  /**
   * Makes a directory.
   *
   * @throws dev.pgmap.api.MmException EEXIST, ENOSPC
   */
  void mkdir(String path);

  /**
   * Removes an empty directory.
   *
   * @throws dev.pgmap.api.MmException ENOTEMPTY, ENOTDIR, EBUSY for the root
   */
  void rmdir(String path);

  /**
   * Removes a name; the file goes when nobody has it open or mapped, waiting for pinned pages where
   * this kernel does.
   *
   * @throws dev.pgmap.api.MmException EISDIR
   */
  void unlink(String path);

  /**
   * Gives a file a second name.
   *
   * @throws dev.pgmap.api.MmException EEXIST, EPERM for a directory
   */
  void link(String from, String to);

  /**
   * Renames, replacing what is at {@code to} in the same step.
   *
   * @throws dev.pgmap.api.MmException ENOTEMPTY, EISDIR, ENOTDIR, EINVAL into its own subdirectory
   */
  void rename(String from, String to);

  /**
   * Makes a part of one file share the blocks of a part of another ({@code FICLONERANGE}).
   *
   * @param nrBytes 0: to the end of the source
   * @throws dev.pgmap.api.MmException EOPNOTSUPP without reflink or in a kernel that forbids it on
   *     DAX, EINVAL for offsets that are no multiples of 4096
   */
  void cloneRange(String from, long fromPos, String to, long toPos, long nrBytes);

  /** {@code sync}: cleans and syncs every file. */
  void sync();

  /** {@code statfs}. */
  FsSpace space();

  /**
   * {@code umount}: all files go out of the engine, waiting for pinned pages where this kernel
   * does.
   *
   * @throws dev.pgmap.api.MmException EBUSY while a file is open or mapped
   */
  void unmount();
}
