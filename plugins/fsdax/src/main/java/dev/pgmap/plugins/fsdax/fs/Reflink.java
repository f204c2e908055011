package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.Run;
import dev.pgmap.plugins.fsdax.volume.ExtentMap;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.InodeState;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import java.util.Objects;

/**
 * Makes files share blocks ({@code xfs_file_remap_range}).
 *
 * <p>Both files are kept free of faults and pins meanwhile, and all of the source is unmapped, so
 * that the next write through an old mapping faults and gets blocks of its own.
 */
final class Reflink {
  private static final int PAGE = SealedBlock.BYTES;
  private static final long ALL = Long.MAX_VALUE;

  private record Part(Inode from, long fromPos, Inode to, long toPos, long nrBytes) {
    boolean isWithinOneFile() {
      return from == to;
    }

    long endPos() {
      return toPos + nrBytes;
    }
  }

  private final FsContext context;

  Reflink(FsContext context) {
    this.context = context;
  }

  /**
   * Shares a part.
   *
   * @param nrBytes 0: to the end of the source
   */
  void cloneRange(
      OpenFiles.Opened from, long fromPos, OpenFiles.Opened to, long toPos, long nrBytes) {
    checkAllowed();
    Inode source = from.inode();
    long size = source.state().sizeBytes();
    long length = nrBytes == 0 ? Math.max(0, size - fromPos) : nrBytes;
    Part part = new Part(source, fromPos, to.inode(), toPos, length);
    check(part, size);
    if (length == 0) {
      return;
    }
    boolean sourceFirst = source.ino() <= to.inode().ino();
    DaxMapping first = sourceFirst ? from.mapping() : to.mapping();
    DaxMapping second = sourceFirst ? to.mapping() : from.mapping();
    context.cloneLock().lock();
    try {
      withBothLocked(part, first, second);
    } finally {
      context.cloneLock().unlock();
    }
  }

  private void withBothLocked(Part part, DaxMapping first, DaxMapping second) {
    FsContext.withoutFaults(
        first,
        () -> {
          if (part.isWithinOneFile()) {
            share(part, first, second);
          } else {
            FsContext.withoutFaults(second, () -> share(part, first, second));
          }
        });
  }

  private void checkAllowed() {
    boolean kernel = context.host().supportsSharedBlocks();
    if (!kernel || !context.volume().superblock().reflink()) {
      throw new MmException(
          Errno.EOPNOTSUPP,
          "reflink on " + context.volume().medium().name(),
          kernel ? "made with reflink=0" : "DAX files of this kernel cannot share blocks",
          kernel ? "a file system with reflink" : "era 6.0 or later",
          "");
    }
  }

  private static void check(Part part, long size) {
    boolean endsWithSource = part.fromPos() + part.nrBytes() == size;
    boolean endsInTarget = part.endPos() < part.to().state().sizeBytes();
    boolean aligned =
        part.fromPos() % PAGE == 0
            && part.toPos() % PAGE == 0
            && (part.nrBytes() % PAGE == 0 || (endsWithSource && !endsInTarget));
    boolean inside =
        part.fromPos() >= 0
            && part.toPos() >= 0
            && part.nrBytes() >= 0
            && part.nrBytes() <= size - part.fromPos();
    boolean overlaps =
        part.isWithinOneFile()
            && part.fromPos() < part.endPos()
            && part.toPos() < part.fromPos() + part.nrBytes();
    if (!aligned || !inside || (overlaps && part.nrBytes() > 0)) {
      throw new MmException(
          Errno.EINVAL,
          "reflink",
          "%d bytes at %d of a file of %d, to %d"
              .formatted(part.nrBytes(), part.fromPos(), size, part.toPos()),
          "multiples of 4096 within the source, parts that do not overlap",
          "");
    }
    if (part.toPos() > InodeImage.MAX_BYTES - part.nrBytes()) {
      throw new MmException(
          Errno.EFBIG, "reflink", "to " + part.toPos(), "up to " + InodeImage.MAX_BYTES, "");
    }
  }

  private void share(Part part, DaxMapping first, DaxMapping second) {
    context.checkAlive();
    first.breakLayout(0, ALL);
    if (!part.isWithinOneFile()) {
      second.breakLayout(0, ALL);
    }
    context.checkAlive();
    DaxMapping from = mapping(part.from());
    from.writeback(0, ALL);
    from.unmap(0, ALL);
    mapping(part.to())
        .deleteRange(part.toPos() / PAGE, Contents.pagesOf(part.endPos()) - part.toPos() / PAGE);
    context.change(transaction -> share(transaction, part));
  }

  private static DaxMapping mapping(Inode inode) {
    return Objects.requireNonNull(inode.mapping());
  }

  private void share(Transaction transaction, Part part) {
    transaction.put(part.from(), part.from().state());
    InodeState state = transaction.stateOf(part.to());
    long shift = (part.toPos() - part.fromPos()) / PAGE;
    long firstPage = part.toPos() / PAGE;
    long endPage = Contents.pagesOf(part.endPos());
    ExtentMap map = state.map();
    if (part.toPos() > state.sizeBytes()) {
      map =
          new Contents(context.volume())
              .zeroTail(transaction, part.to(), map, state.sizeBytes(), part.toPos());
    }
    map.within(firstPage, endPage).forEach(old -> transaction.drop(part.to(), old));
    map = map.without(firstPage, endPage);
    for (Extent extent : part.from().state().map().within(firstPage - shift, endPage - shift)) {
      if (!extent.unwritten()) {
        long page = extent.page() + shift;
        transaction.own(part.to(), new Run(extent.block(), extent.nrBlocks()), page);
        map = map.with(new Extent(page, extent.block(), extent.nrBlocks(), false));
      }
    }
    transaction.put(
        part.to(), state.withMap(map).withSize(Math.max(state.sizeBytes(), part.endPos())));
  }
}
