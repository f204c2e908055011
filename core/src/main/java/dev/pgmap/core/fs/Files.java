package dev.pgmap.core.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.dax.DevNodes;
import dev.pgmap.core.fsdax.FileMapping;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.TmpFiles;
import dev.pgmap.core.p2pdma.P2pBus;
import dev.pgmap.core.p2pdma.P2pDevice;

/**
 * Files by their absolute path: device nodes, files of RAM, files of mounted file systems, and
 * those by which peer-to-peer memory is mapped. Thread-safe.
 */
public final class Files {
  private final DevNodes nodes;
  private final Filesystems filesystems;
  private final TmpFiles tmpFiles;
  private final P2pBus p2pBus;

  /** The files of a machine. */
  public Files(DevNodes nodes, Filesystems filesystems, TmpFiles tmpFiles, P2pBus p2pBus) {
    this.nodes = nodes;
    this.filesystems = filesystems;
    this.tmpFiles = tmpFiles;
    this.p2pBus = p2pBus;
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
    for (P2pDevice device : p2pBus.all()) {
      if (device.path().equals(path)) {
        return new OpenFile(device.file(), null);
      }
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
