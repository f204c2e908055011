package dev.pgmap.core.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.dax.DevNodes;
import dev.pgmap.core.fsdax.FileMapping;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.TmpFiles;

/**
 * Files by their absolute path: device nodes, files of RAM, and files of mounted file systems.
 * Thread-safe.
 */
public final class Files {
  private final DevNodes nodes;
  private final Filesystems filesystems;
  private final TmpFiles tmpFiles;

  /** The files of a machine. */
  public Files(DevNodes nodes, Filesystems filesystems, TmpFiles tmpFiles) {
    this.nodes = nodes;
    this.filesystems = filesystems;
    this.tmpFiles = tmpFiles;
  }

  /**
   * Opens something that can be mapped.
   *
   * @param create whether a file is made if it is not there; without effect on devices
   * @throws dev.pgmap.api.MmException ENOENT, and what the file system refuses with
   */
  public OpenFile open(String path, boolean create) {
    if (TmpFiles.holds(path)) {
      return new OpenFile(tmpFiles.open(path, create).space(), null);
    }
    Mount mount = filesystems.holding(path);
    if (mount == null) {
      return new OpenFile(nodes.open(path), null);
    }
    FsFile file = mount.filesystem().open(mount.relative(path), create);
    return new OpenFile(spaceOf(file), file);
  }

  /** The files of RAM below {@link TmpFiles#DIRECTORY}. */
  public TmpFiles tmpFiles() {
    return tmpFiles;
  }

  /** What tasks map of an open file. */
  public static AddressSpace spaceOf(FsFile file) {
    if (file.mapping() instanceof FileMapping mapping) {
      return mapping.space();
    }
    throw new IllegalStateException("a mapping that the engine did not make: " + file.mapping());
  }
}
