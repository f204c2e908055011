package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.InodeImage;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.Run;
import dev.pgmap.plugins.fsdax.volume.ExtentMap;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.InodeState;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file. Thread-safe. */
final class OpenDaxFile implements FsFile {
  private static final int PAGE = SealedBlock.BYTES;
  private static final long ALL = Long.MAX_VALUE;

  private final FsContext context;
  private final Inode inode;
  private final DaxMapping mapping;
  private final Eviction eviction;
  private final Contents contents;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The caller holds the lock and has counted the file as open. */
  OpenDaxFile(FsContext context, Inode inode, DaxMapping mapping, Eviction eviction) {
    this.context = context;
    this.inode = inode;
    this.mapping = mapping;
    this.eviction = eviction;
    this.contents = new Contents(context.volume());
  }

  @Override
  public long ino() {
    return inode.ino();
  }

  @Override
  public long sizeBytes() {
    return inode.state().sizeBytes();
  }

  @Override
  public DaxMapping mapping() {
    return mapping;
  }

  private void check(long pos, long nrBytes) {
    context.checkAlive();
    if (closed.get()) {
      throw new MmException(Errno.EBADF, toString(), "the file is closed", "an open one", "");
    }
    if (pos < 0 || nrBytes < 0) {
      throw new MmException(
          Errno.EINVAL, toString(), "%d bytes at %d".formatted(nrBytes, pos), "no minus sign", "");
    }
    if (pos > InodeImage.MAX_BYTES - nrBytes) {
      throw new MmException(
          Errno.EFBIG,
          toString(),
          "%d bytes at %d".formatted(nrBytes, pos),
          "an end up to " + InodeImage.MAX_BYTES,
          "");
    }
  }

  @Override
  public int read(long pos, byte[] to, int at, int nrBytes) {
    Objects.checkFromIndexSize(at, nrBytes, to.length);
    check(pos, nrBytes);
    return context.locked(() -> {
      InodeState state = inode.state();
      int n = (int) Math.max(0, Math.min(nrBytes, state.sizeBytes() - pos));
      if (n > 0) {
        contents.read(state.map(), pos, to, at, n);
      }
      return n;
    });
  }

  @Override
  public void write(long pos, byte[] from, int at, int nrBytes) {
    Objects.checkFromIndexSize(at, nrBytes, from.length);
    check(pos, nrBytes);
    if (nrBytes == 0) {
      return;
    }
    FsContext.withoutFaults(
        mapping,
        () -> {
          if (context.locked(() -> store(pos, from, at, nrBytes))) {
            long page = pos / PAGE;
            mapping.invalidate(page, Contents.pagesOf(pos + nrBytes) - page);
          }
        });
  }

  /** Whether the file has other blocks now. */
  private boolean store(long pos, byte[] from, int at, int nrBytes) {
    InodeState before = inode.state();
    long end = pos + nrBytes;
    boolean[] moved = new boolean[1];
    context.commit(transaction -> {
      ExtentMap map = before.map();
      if (pos > before.sizeBytes()) {
        map = contents.zeroTail(transaction, inode, map, before.sizeBytes(), pos);
      }
      map = contents.writable(transaction, inode, map, pos, end);
      contents.write(map, pos, from, at, nrBytes);
      moved[0] = map != before.map();
      if (moved[0] || end > before.sizeBytes()) {
        transaction.put(inode, before.withMap(map).withSize(Math.max(end, before.sizeBytes())));
      }
    });
    return moved[0];
  }

  @Override
  public void truncate(long sizeBytes) {
    check(sizeBytes, 0);
    FsContext.withoutFaults(
        mapping,
        () -> {
          if (sizeBytes < inode.state().sizeBytes()) {
            mapping.breakLayout(0, ALL);
            context.checkAlive();
            mapping.deleteRange(Contents.pagesOf(sizeBytes), ALL);
            context.change(transaction -> shrink(transaction, sizeBytes));
            clearTail(sizeBytes);
          } else {
            context.change(transaction -> grow(transaction, sizeBytes));
          }
        });
  }

  private void shrink(Transaction transaction, long sizeBytes) {
    InodeState state = inode.state();
    long end = Contents.pagesOf(sizeBytes);
    state.map().within(end, ALL).forEach(extent -> transaction.drop(inode, extent));
    transaction.put(inode, state.withSize(sizeBytes).withMap(state.map().without(end, ALL)));
  }

  /** After the cut is on the medium, so that a crash cannot have zeroes and the old size. */
  private void clearTail(long sizeBytes) {
    context.change(transaction -> {
      InodeState state = inode.state();
      long end = Contents.pagesOf(sizeBytes) * PAGE;
      ExtentMap map = contents.zeroTail(transaction, inode, state.map(), sizeBytes, end);
      if (map != state.map()) {
        transaction.put(inode, state.withMap(map));
      }
    });
  }

  private void grow(Transaction transaction, long sizeBytes) {
    InodeState state = inode.state();
    if (sizeBytes == state.sizeBytes()) {
      return;
    }
    ExtentMap map =
        contents.zeroTail(transaction, inode, state.map(), state.sizeBytes(), sizeBytes);
    transaction.put(inode, state.withMap(map).withSize(sizeBytes));
  }

  @Override
  public void fallocate(long pos, long nrBytes, boolean keepSize) {
    check(pos, nrBytes);
    checkNotEmpty(nrBytes);
    FsContext.withoutFaults(
        mapping,
        () ->
            context.change(transaction -> {
              InodeState state = inode.state();
              long end = pos + nrBytes;
              ExtentMap map = state.map();
              if (!keepSize && end > state.sizeBytes()) {
                map = contents.zeroTail(transaction, inode, map, state.sizeBytes(), end);
              }
              map = reserve(transaction, map, pos / PAGE, Contents.pagesOf(end));
              long size = keepSize ? state.sizeBytes() : Math.max(end, state.sizeBytes());
              transaction.put(inode, state.withMap(map).withSize(size));
            }));
  }

  private void checkNotEmpty(long nrBytes) {
    if (nrBytes == 0) {
      throw new MmException(Errno.EINVAL, toString(), "0 bytes", "a part of the file", "");
    }
  }

  private ExtentMap reserve(Transaction transaction, ExtentMap before, long from, long to) {
    ExtentMap map = before;
    for (long page = from; page < to; ) {
      Extent there = before.at(page);
      long end = Math.min(to, there == null ? before.nextMapped(page) : there.endPage());
      if (there == null) {
        for (Extent extent :
            transaction.allocate(inode, page, end - page, true, map.goalFor(page))) {
          map = map.with(extent);
        }
      }
      page = end;
    }
    return map;
  }

  @Override
  public void punchHole(long pos, long nrBytes) {
    check(pos, nrBytes);
    checkNotEmpty(nrBytes);
    long first = Contents.pagesOf(pos);
    long end = (pos + nrBytes) / PAGE;
    FsContext.withoutFaults(
        mapping,
        () -> {
          mapping.breakLayout(0, ALL);
          context.checkAlive();
          mapping.deleteRange(pos / PAGE, Contents.pagesOf(pos + nrBytes) - pos / PAGE);
          context.change(transaction -> punch(transaction, pos, nrBytes, first, end));
        });
  }

  private void punch(Transaction transaction, long pos, long nrBytes, long first, long end) {
    InodeState state = inode.state();
    long to = pos + nrBytes;
    ExtentMap map = contents.zero(transaction, inode, state.map(), pos, Math.min(to, first * PAGE));
    if (end >= first) {
      map = contents.zero(transaction, inode, map, end * PAGE, to);
    }
    if (first < end) {
      map.within(first, end).forEach(extent -> transaction.drop(inode, extent));
      map = map.without(first, end);
    }
    if (map != state.map()) {
      transaction.put(inode, state.withMap(map));
    }
  }

  @Override
  public void fsync() {
    check(0, 0);
    mapping.writeback(0, ALL);
    context.locked(() -> {
      context.volume().medium().fence();
      context.commitLazyChanges(inode);
      return inode;
    });
  }

  @Override
  public List<Iomap> fiemap() {
    check(0, 0);
    return context.locked(
        () -> inode.state().map().extents().stream().map(this::describe).toList());
  }

  private Iomap describe(Extent extent) {
    boolean shared =
        context.volume().owners().within(new Run(extent.block(), extent.nrBlocks())).stream()
            .anyMatch(owned -> owned.owners().size() > 1);
    return new Iomap(
        extent.unwritten() ? Iomap.Type.UNWRITTEN : Iomap.Type.MAPPED,
        extent.page() * PAGE,
        extent.nrBlocks() * PAGE,
        extent.block() * PAGE,
        shared ? Iomap.F_SHARED : 0);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      context.lockedAlways(() -> inode.addOpen(-1));
      eviction.evictIfUnused(inode);
    }
  }

  @Override
  public String toString() {
    return "inode " + inode.ino() + " on " + context.volume().medium().name();
  }
}
