package dev.pgmap.core.fs;

import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.pmem.PmemDisk;

/**
 * A mounted file system, {@code struct mount}.
 *
 * @param disk the device below it
 * @param path where it is mounted, absolute and without a slash at the end
 * @param registeredType the name of the type that mounted it
 * @param filesystem the file system
 */
public record Mount(
    PmemDisk disk, String path, String registeredType, MountedFilesystem filesystem) {

  /** Whether an absolute path is the mount point or lies below it. */
  public boolean holds(String absolute) {
    return absolute.equals(path) || absolute.startsWith(path.equals("/") ? "/" : path + "/");
  }

  /** The path relative to the root of the file system, of one that it {@link #holds}. */
  public String relative(String absolute) {
    String below = absolute.substring(Math.min(absolute.length(), path.length()));
    return below.startsWith("/") ? below.substring(1) : below;
  }

  @Override
  public String toString() {
    return disk.path() + " on " + path;
  }
}
