package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.plugins.fsdax.volume.Inode;

/** Opens files and keeps count of who has them open. Thread-safe. */
final class OpenFiles {
  /**
   * A file that is counted as open.
   *
   * @param inode the file
   * @param mapping its mapping
   */
  record Opened(Inode inode, DaxMapping mapping) {}

  private final FsContext context;
  private final NameOps names;
  private final Eviction eviction;

  OpenFiles(FsContext context, NameOps names, Eviction eviction) {
    this.context = context;
    this.names = names;
    this.eviction = eviction;
  }

  /** Opens a file, which is made if need be. */
  Opened open(String path, boolean create) {
    return context.locked(() -> {
      Inode inode = names.openFile(path, create);
      DaxMapping mapping = inode.mapping();
      if (mapping == null) {
        mapping =
            context.host().newMapping(path, inode.ino(), new Faults(context, inode, eviction));
        inode.setMapping(mapping);
      }
      inode.addOpen(1);
      return new Opened(inode, mapping);
    });
  }

  /** Closes what {@link #open} opened. */
  void close(Opened file) {
    context.lockedAlways(() -> file.inode().addOpen(-1));
    eviction.evictIfUnused(file.inode());
  }

  /** The same as a file of the api. */
  OpenDaxFile file(Opened opened) {
    return new OpenDaxFile(context, opened.inode(), opened.mapping(), eviction);
  }
}
