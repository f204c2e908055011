package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.FsSpace;
import dev.pgmap.api.fs.FsStat;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.volume.Directory;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.InodeState;
import dev.pgmap.plugins.fsdax.volume.Volume;
import java.util.ArrayList;
import java.util.List;

/** A mounted file system. Thread-safe. */
final class MountedDaxFs implements MountedFilesystem {
  private static final long ALL = Long.MAX_VALUE;

  private final FsContext context;
  private final Volume volume;
  private final NameOps names;
  private final OpenFiles files;

  MountedDaxFs(FsContext context) {
    this.context = context;
    this.volume = context.volume();
    Eviction eviction = new Eviction(context);
    this.names = new NameOps(context, eviction);
    this.files = new OpenFiles(context, names, eviction);
  }

  @Override
  public String typeName() {
    return volume.superblock().flavour();
  }

  @Override
  public FsStat stat(String path) {
    return context.locked(() -> {
      Inode inode = Paths.inode(volume, path);
      InodeState state = inode.state();
      return new FsStat(
          inode.ino(),
          inode.directory() != null,
          state.nrLinks(),
          state.sizeBytes(),
          state.map().nrBlocks());
    });
  }

  @Override
  public FsFile open(String path, boolean create) {
    return files.file(files.open(path, create));
  }

  @Override
  public List<String> list(String path) {
    return context.locked(() -> {
      Directory directory = Paths.inode(volume, path).directory();
      if (directory == null) {
        throw new MmException(Errno.ENOTDIR, path, "a file", "a directory", "");
      }
      return directory.names();
    });
  }

  @Override
  public void mkdir(String path) {
    names.mkdir(path);
  }

  @Override
  public void rmdir(String path) {
    names.rmdir(path);
  }

  @Override
  public void unlink(String path) {
    names.unlink(path);
  }

  @Override
  public void link(String from, String to) {
    names.link(from, to);
  }

  @Override
  public void rename(String from, String to) {
    names.rename(from, to);
  }

  @Override
  public void cloneRange(String from, long fromPos, String to, long toPos, long nrBytes) {
    OpenFiles.Opened source = files.open(from, false);
    try {
      OpenFiles.Opened target = files.open(to, false);
      try {
        new Reflink(context).cloneRange(source, fromPos, target, toPos, nrBytes);
      } finally {
        files.close(target);
      }
    } finally {
      files.close(source);
    }
  }

  @Override
  public void sync() {
    for (Inode inode : withMapping()) {
      DaxMapping mapping = inode.mapping();
      if (mapping != null) {
        mapping.writeback(0, ALL);
      }
    }
    context.locked(() -> {
      volume.medium().fence();
      volume.inodes().forEach(context::commitLazyChanges);
      return volume;
    });
  }

  private List<Inode> withMapping() {
    List<Inode> found = new ArrayList<>();
    context.lockedAlways(() ->
        volume.inodes().stream().filter(inode -> inode.mapping() != null).forEach(found::add));
    return found;
  }

  @Override
  public FsSpace space() {
    return context.locked(() ->
        new FsSpace(
            volume.superblock().nrBlocks() * SealedBlock.BYTES,
            volume.allocator().freeBlocks() * SealedBlock.BYTES,
            volume.allocator().largestRun() * SealedBlock.BYTES,
            volume.inodes().size()));
  }

  /** Files that are unlinked but in use keep it busy as well; then all mappings go. */
  @Override
  public void unmount() {
    for (Inode inode : withMapping()) {
      DaxMapping mapping = inode.mapping();
      if (inode.nrOpen() > 0 || (mapping != null && mapping.isMapped())) {
        throw new MmException(
            Errno.EBUSY,
            volume.medium().name(),
            "inode %d is open or mapped".formatted(inode.ino()),
            "no file in use",
            "see ps; wait or kill who uses it");
      }
    }
    if (!context.isShutdown()) {
      sync();
    }
    for (Inode inode : withMapping()) {
      DaxMapping mapping = inode.mapping();
      if (mapping != null) {
        mapping.evict();
      }
    }
    context.shutdownQuietly();
  }
}
