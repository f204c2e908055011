package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.BlockOwners;
import dev.pgmap.plugins.fsdax.space.Owner;
import dev.pgmap.plugins.fsdax.space.Run;
import dev.pgmap.plugins.fsdax.volume.Inode;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears of bytes that failed and of a device that goes ({@code xfs_dax_notify_failure}): finds the
 * files that have them and kills who maps these.
 */
final class FailureHolder implements HolderOps {
  private record Hit(DaxMapping mapping, long page, long nrPages) {}

  private final FsContext context;

  private FailureHolder(FsContext context) {
    this.context = context;
  }

  /** Takes the device; a file system made as ext4 does not want to hear of failures. */
  static void register(FsContext context) {
    if (!context.volume().superblock().flavour().equals("ext4")) {
      context.host().setHolder(new FailureHolder(context));
    }
  }

  @KernelFunction("xfs_dax_notify_failure")
  @Override
  public int notifyFailure(long offset, long bytes, int mfFlags) {
    if ((mfFlags & MF_MEM_PRE_REMOVE) != 0) {
      context.shutdown("the device is about to go");
      revoke(everyFile(), mfFlags);
      return 0;
    }
    if (!context.volume().superblock().reverseMap()) {
      return -Errno.EOPNOTSUPP.number();
    }
    long firstBlock = offset / SealedBlock.BYTES;
    long endBlock = (offset + bytes + SealedBlock.BYTES - 1) / SealedBlock.BYTES;
    if (offset < 0 || endBlock > context.volume().superblock().nrBlocks()) {
      return -Errno.ENXIO.number();
    }
    return failed(new Run(firstBlock, Math.max(1, endBlock - firstBlock)), mfFlags);
  }

  private int failed(Run run, int mfFlags) {
    List<Hit> hits = new ArrayList<>();
    boolean[] metadata = {run.block() < context.volume().superblock().limits().firstBlock()};
    context.lockedAlways(() -> {
      for (BlockOwners.Owned owned : context.volume().owners().within(run)) {
        metadata[0] |= collect(owned, hits);
      }
    });
    int result = kill(hits, mfFlags);
    if (metadata[0]) {
      context.shutdown("memory failure in metadata");
      return -Errno.EUCLEAN.number();
    }
    return result;
  }

  /** Adds the files of a run; whether it is metadata instead. */
  private boolean collect(BlockOwners.Owned owned, List<Hit> hits) {
    boolean metadata = false;
    for (Owner owner : owned.owners()) {
      DaxMapping mapping = context.volume().inode(owner.ino()).mapping();
      if (owner.page() == Owner.METADATA) {
        metadata = true;
      } else if (mapping != null) {
        hits.add(new Hit(mapping, owner.page(), owned.run().nrBlocks()));
      }
    }
    return metadata;
  }

  private List<Hit> everyFile() {
    List<Hit> hits = new ArrayList<>();
    context.lockedAlways(() -> {
      for (Inode inode : context.volume().inodes()) {
        DaxMapping mapping = inode.mapping();
        if (mapping != null) {
          for (Extent extent : inode.state().map().extents()) {
            hits.add(new Hit(mapping, extent.page(), extent.nrBlocks()));
          }
        }
      }
    });
    return hits;
  }

  /**
   * Kills who maps the files; no fault can come in any more, so no entry of a page stays either.
   */
  private static void revoke(List<Hit> hits, int mfFlags) {
    kill(hits, mfFlags);
    for (Hit hit : hits) {
      hit.mapping().writeback(hit.page(), hit.nrPages());
      hit.mapping().invalidate(hit.page(), hit.nrPages());
    }
  }

  /** Kills who maps the hits, all of them; the first error, or 0. */
  private static int kill(List<Hit> hits, int mfFlags) {
    int result = 0;
    for (Hit hit : hits) {
      int code = hit.mapping().killProcs(hit.page(), hit.nrPages(), mfFlags);
      result = result == 0 ? code : result;
    }
    return result;
  }
}
