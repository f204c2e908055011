package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.Run;
import dev.pgmap.plugins.fsdax.volume.ExtentMap;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.InodeState;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of one file lie, for faults.
 *
 * <p>A write fault allocates or converts in memory only; the medium hears of it at the next fsync,
 * or at once for a synchronous mapping, which {@link Iomap#F_DIRTY} asks for. Until then a crash
 * leaves zeroes there, as it does without MAP_SYNC on any kernel. Copies of shared blocks go to the
 * medium at once, since they make blocks free.
 */
final class Faults implements IomapOps {
  private static final int PAGE = SealedBlock.BYTES;

  private final FsContext context;
  private final Inode inode;
  private final Eviction eviction;

  Faults(FsContext context, Inode inode, Eviction eviction) {
    this.context = context;
    this.inode = inode;
    this.eviction = eviction;
  }

  @Override
  public long sizeBytes() {
    return inode.state().sizeBytes();
  }

  @Override
  public Iomap begin(long pos, long length, int flags) {
    return context.locked(() -> map(pos, length, flags));
  }

  private Iomap map(long pos, long length, int flags) {
    long page = pos / PAGE;
    long endPage = (pos + length + PAGE - 1) / PAGE;
    boolean write = (flags & WRITE) != 0;
    Extent there = inode.state().map().at(page);
    if (there == null) {
      return write ? fill(page, endPage) : hole(page);
    }
    if (there.unwritten()) {
      return write
          ? convert(there.clip(page, endPage))
          : iomap(there, Iomap.Type.UNWRITTEN, 0, null);
    }
    return mapped(there, page, endPage, write || (flags & UNSHARE) != 0);
  }

  private Iomap hole(long page) {
    ExtentMap map = inode.state().map();
    long end = Math.min(map.nextMapped(page), Math.max(page + 1, pagesOf(sizeBytes())));
    return new Iomap(
        Iomap.Type.HOLE, page * PAGE, (end - page) * PAGE, Iomap.NO_OFFSET, dirtyFlag());
  }

  private static long pagesOf(long bytes) {
    return (bytes + PAGE - 1) / PAGE;
  }

  private Iomap fill(long page, long endPage) {
    InodeState state = inode.state();
    long end = Math.min(endPage, state.map().nextMapped(page));
    List<Run> runs =
        context.volume().allocator().allocate(page, end - page, state.map().goalFor(page));
    ExtentMap map = state.map();
    long at = page;
    for (Run run : runs) {
      context.volume().medium().zero(run.block(), run.nrBlocks());
      context.volume().own(inode, run, at);
      map = map.with(new Extent(at, run.block(), run.nrBlocks(), false));
      at += run.nrBlocks();
    }
    inode.changeLazily(state.withMap(map));
    Run first = runs.getFirst();
    return iomap(
        new Extent(page, first.block(), first.nrBlocks(), false),
        Iomap.Type.MAPPED,
        Iomap.F_NEW,
        null);
  }

  private Iomap convert(Extent part) {
    context.volume().medium().zero(part.block(), part.nrBlocks());
    InodeState state = inode.state();
    inode.changeLazily(state.withMap(state.map().written(part.page(), part.endPage())));
    return iomap(part, Iomap.Type.MAPPED, Iomap.F_NEW, null);
  }

  private Iomap mapped(Extent there, long page, long endPage, boolean write) {
    Extent from = there.clip(page, there.endPage());
    boolean shared = context.volume().owners().countOf(from.block()) > 1;
    if (!context.volume().superblock().reflink()) {
      return iomap(there, Iomap.Type.MAPPED, 0, null);
    }
    long same = context.volume().owners().sameFor(new Run(from.block(), from.nrBlocks()));
    Extent alike = from.clip(page, page + same);
    if (!shared) {
      return iomap(alike, Iomap.Type.MAPPED, 0, null);
    }
    return write
        ? copy(alike.clip(page, endPage))
        : iomap(alike, Iomap.Type.MAPPED, Iomap.F_SHARED, null);
  }

  /** New blocks for a part that is shared; they take its place when {@link #end} says so. */
  private Iomap copy(Extent shared) {
    Run run =
        context.volume().allocator().allocate(shared.page(), shared.nrBlocks(), -1).stream()
            .reduce((first, later) -> {
              context.volume().allocator().release(later);
              return first;
            })
            .orElseThrow();
    Extent copied = new Extent(shared.page(), run.block(), run.nrBlocks(), false);
    Iomap source =
        iomap(
            shared.clip(shared.page(), copied.endPage()), Iomap.Type.MAPPED, Iomap.F_SHARED, null);
    return iomap(copied, Iomap.Type.MAPPED, Iomap.F_SHARED, source);
  }

  @Override
  public void end(long pos, long length, long written, int flags, Iomap iomap) {
    Iomap source = iomap.source();
    if (source == null) {
      return;
    }
    Run run = new Run(iomap.deviceOffset() / PAGE, iomap.length() / PAGE);
    context.lockedAlways(() -> {
      if (written > 0 && !context.isShutdown()) {
        remap(iomap.pos() / PAGE, run);
      } else {
        context.volume().allocator().release(run);
      }
    });
  }

  /** {@code xfs_reflink_end_cow}. */
  private void remap(long page, Run run) {
    context.volume().medium().fence();
    context.commit(transaction -> replace(transaction, page, run));
  }

  private void replace(Transaction transaction, long page, Run run) {
    InodeState state = inode.state();
    long end = page + run.nrBlocks();
    state.map().within(page, end).forEach(old -> transaction.drop(inode, old));
    transaction.own(inode, run, page);
    transaction.put(
        inode,
        state.withMap(
            state
                .map()
                .without(page, end)
                .with(new Extent(page, run.block(), run.nrBlocks(), false))));
  }

  private Iomap iomap(Extent extent, Iomap.Type type, int flags, @Nullable Iomap source) {
    return new Iomap(
        type,
        extent.page() * PAGE,
        extent.nrBlocks() * PAGE,
        extent.block() * PAGE,
        flags | dirtyFlag(),
        source);
  }

  private int dirtyFlag() {
    return inode.isDirty() ? Iomap.F_DIRTY : 0;
  }

  @Override
  public void syncMetadata() {
    context.locked(() -> {
      context.volume().medium().fence();
      context.commitLazyChanges(inode);
      return inode;
    });
  }

  @Override
  public void lastUnmap() {
    eviction.evictIfUnused(inode);
  }
}
