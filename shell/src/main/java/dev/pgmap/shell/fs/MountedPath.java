package dev.pgmap.shell.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.FsStat;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.fs.Mount;
import dev.pgmap.shell.session.Console;

/**
 * A path below a mount point.
 *
 * @param mount the mount
 * @param path relative to its root
 * @param shown the path as it was typed, for messages
 */
record MountedPath(Mount mount, String path, String shown) {
  /**
   * Finds the mount of a path.
   *
   * @throws MmException EROFS for a path that lies in no mounted file system
   */
  static MountedPath of(Console console, String typed) {
    String absolute = console.resolve(typed);
    Mount mount = console.machine().filesystems().holding(absolute);
    if (mount == null) {
      throw new MmException(
          Errno.EROFS,
          typed,
          "in no mounted file system",
          "a path below one of " + console.machine().filesystems().mounts(),
          "mount -o dax /dev/pmem0 /mnt");
    }
    return new MountedPath(mount, mount.relative(absolute), typed);
  }

  /** The file system. */
  MountedFilesystem filesystem() {
    return mount.filesystem();
  }

  /** What is there; ENOENT if nothing is. */
  FsStat stat() {
    return filesystem().stat(path);
  }

  /** Whether there is a directory. */
  boolean isDirectory() {
    try {
      return stat().isDirectory();
    } catch (MmException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Opens the file. */
  FsFile open(boolean create) {
    return filesystem().open(path, create);
  }

  /** The last name of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** This path, or for a directory the one of that name in it, as mv and cp take their target. */
  MountedPath orInside(String name) {
    return isDirectory()
        ? new MountedPath(mount, path.isEmpty() ? name : path + "/" + name, shown + "/" + name)
        : this;
  }

  /**
   * Refuses another file system.
   *
   * @throws MmException EXDEV
   */
  void checkSameMount(MountedPath other) {
    if (!mount.equals(other.mount())) {
      throw new MmException(
          Errno.EXDEV,
          other.shown(),
          "on " + other.mount(),
          "the file system of " + shown + ", " + mount,
          "cp copies between file systems");
    }
  }
}
