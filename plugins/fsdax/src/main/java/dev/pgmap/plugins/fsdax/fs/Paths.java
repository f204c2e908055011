package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.format.DirectoryImage;
import dev.pgmap.plugins.fsdax.volume.Directory;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.Volume;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Follows paths. Used under the file system's lock. */
final class Paths {
  /**
   * The last step of a path.
   *
   * @param parent the directory that holds, or would hold, the name
   * @param name the name
   * @param target what it leads to, or null
   */
  record Place(Inode parent, String name, @Nullable Inode target) {
    /** What it leads to. */
    Inode existing(String path) {
      if (target == null) {
        throw new MmException(
            Errno.ENOENT, path, "no such file or directory", "a name that ls shows", "");
      }
      return target;
    }
  }

  private Paths() {}

  /** The inode of a path; ENOENT if there is none. */
  static Inode inode(Volume volume, String path) {
    return path.isEmpty() ? volume.root() : place(volume, path).existing(path);
  }

  /**
   * The place of a path other than the root.
   *
   * @throws MmException ENOENT, ENOTDIR, ENAMETOOLONG; EBUSY for the root
   */
  static Place place(Volume volume, String path) {
    if (path.isEmpty()) {
      throw new MmException(Errno.EBUSY, "/", "the root of the file system", "a name in it", "");
    }
    Inode at = volume.root();
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      Inode next = step(volume, at, names[i], path);
      if (next == null) {
        throw new MmException(
            Errno.ENOENT, path, "no directory '" + names[i] + "'", "one that is there", "");
      }
      at = next;
    }
    String last = names[names.length - 1];
    return new Place(at, last, step(volume, at, last, path));
  }

  private static @Nullable Inode step(Volume volume, Inode in, String name, String path) {
    checkName(name, path);
    Directory directory = in.directory();
    if (directory == null) {
      throw new MmException(
          Errno.ENOTDIR, path, "what leads to '" + name + "' is a file", "a directory", "");
    }
    Long ino = directory.find(name);
    return ino == null ? null : volume.inode(ino);
  }

  private static void checkName(String name, String path) {
    if (name.getBytes(StandardCharsets.UTF_8).length > DirectoryImage.MAX_NAME_BYTES) {
      throw new MmException(
          Errno.ENAMETOOLONG,
          path,
          "a name of %d bytes".formatted(name.getBytes(StandardCharsets.UTF_8).length),
          "at most " + DirectoryImage.MAX_NAME_BYTES,
          "");
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf(0) >= 0) {
      throw new MmException(
          Errno.EINVAL, path, "the name '" + name + "'", "a path without empty names and dots", "");
    }
  }
}
