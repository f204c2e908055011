package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.BlockBytes;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import dev.pgmap.plugins.fsdax.format.Journal;
import dev.pgmap.plugins.fsdax.format.Medium;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.format.Superblock;
import dev.pgmap.plugins.fsdax.volume.Volume;
import java.util.List;
import java.util.Set;

/** The file system type {@code dax}. */
public final class DaxFs implements DaxFilesystemType {
  /** Its name. */
  public static final String NAME = "dax";

  private static final Set<String> FLAVOURS = Set.of("ext4", "xfs");
  private static final int MAX_JOURNAL_BLOCKS = 66;
  private static final long MIN_BLOCKS = 256;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> flavours() {
    return FLAVOURS;
  }

  /** Order: no superblock, root and journal, superblock; so a half-made one is none. */
  @Override
  public List<String> format(BlockBytes device, FormatOptions options) {
    Medium medium = new Medium(device);
    Superblock superblock = plan(medium, options);
    medium.zero(0, 1);
    medium.fence();
    InodeImage root = new InodeImage(superblock.root(), true, 1, 0, List.of(), List.of());
    medium.write(root.ino(), root.encode(superblock.filesystemId()));
    new Journal(medium, superblock).format(medium);
    medium.fence();
    medium.write(0, superblock.encode());
    medium.fence();
    return List.of(
        "%s: file system of type dax%s, %d blocks of %d bytes"
            .formatted(
                device.name(),
                options.flavour().equals(NAME) ? "" : " (as " + options.flavour() + ")",
                superblock.nrBlocks(),
                SealedBlock.BYTES),
        "uuid %s, label '%s', journal of %d blocks"
            .formatted(options.uuid(), options.label(), superblock.nrJournalBlocks()),
        "reflink=%d, rmapbt=%d".formatted(options.reflink() ? 1 : 0, options.reverseMap() ? 1 : 0));
  }

  private Superblock plan(Medium medium, FormatOptions options) {
    if (!options.flavour().equals(NAME) && !FLAVOURS.contains(options.flavour())) {
      throw new MmException(
          Errno.EINVAL, "mkfs", "type '" + options.flavour() + "'", "dax, ext4 or xfs", "");
    }
    if (!Superblock.fits(options.label())) {
      throw new MmException(
          Errno.EINVAL, "mkfs", "label '" + options.label() + "'", "at most 16 bytes", "");
    }
    if (medium.nrBlocks() < MIN_BLOCKS) {
      throw new MmException(
          Errno.ENOSPC,
          "mkfs: " + medium.name(),
          medium.nrBlocks() + " blocks",
          "at least " + MIN_BLOCKS,
          "make a larger namespace");
    }
    int nrJournal = (int) Math.min(MAX_JOURNAL_BLOCKS, medium.nrBlocks() / 16);
    return new Superblock(
        medium.nrBlocks(),
        nrJournal,
        1L + nrJournal,
        options.uuid(),
        options.label(),
        options.flavour(),
        options.reflink(),
        options.reverseMap());
  }

  @Override
  public MountedFilesystem mount(BlockBytes device, FsHost host) {
    Volume volume = Volume.load(new Medium(device));
    FsContext context = new FsContext(volume, host);
    FailureHolder.register(context);
    return new MountedDaxFs(context);
  }

  @Override
  public List<String> check(BlockBytes device) {
    return Volume.check(new Medium(device));
  }
}
