package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.plugins.fsdax.volume.Inode;

/** Lets inodes go that nobody can reach any more. Thread-safe. */
final class Eviction {
  private final FsContext context;

  Eviction(FsContext context) {
    this.context = context;
  }

  /**
   * {@code iput} of an inode that may have no name left: if nobody has it open or mapped, its pages
   * leave the engine, which may wait for pins, and its blocks are free.
   */
  void evictIfUnused(Inode inode) {
    boolean[] mine = new boolean[1];
    context.lockedAlways(() -> mine[0] = claim(inode));
    if (!mine[0]) {
      return;
    }
    DaxMapping mapping = inode.mapping();
    if (mapping != null) {
      mapping.evict();
    }
    context.lockedAlways(() -> context.volume().forget(inode));
  }

  private static boolean claim(Inode inode) {
    DaxMapping mapping = inode.mapping();
    boolean used =
        inode.state().nrLinks() > 0
            || inode.nrOpen() > 0
            || (mapping != null && mapping.isMapped())
            || inode.isEvicting();
    if (!used) {
      inode.startEvicting();
    }
    return !used;
  }
}
