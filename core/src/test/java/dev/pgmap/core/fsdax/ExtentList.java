package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file system of one file, as DAX sees it: extents in a list, by page. A write to a hole takes
 * the next free block. Thread-safe.
 */
final class ExtentList implements IomapOps {
  private static final long PAGE = 4096;

  private record Extent(Iomap.Type type, long nrPages, long block, int flags) {}

  private final TreeMap<Long, Extent> extents = new TreeMap<>();
  private final AtomicInteger nrSyncs = new AtomicInteger();
  private long nrPages;
  private long nextFreeBlock;
  private boolean dirty;

  /** A file of that size, all of it a hole. */
  ExtentList(long nrPages) {
    this.nrPages = nrPages;
  }

  /** Puts an extent in place of what was there. */
  synchronized ExtentList put(Iomap.Type type, long pgoff, long pages, long block, int flags) {
    for (long i = 0; i < pages; i++) {
      extents.remove(pgoff + i);
    }
    extents.put(pgoff, new Extent(type, pages, block, flags));
    return this;
  }

  /** Blocks with data. */
  ExtentList mapped(long pgoff, long pages, long block) {
    return put(Iomap.Type.MAPPED, pgoff, pages, block, 0);
  }

  /** Where writes to holes get their blocks. */
  synchronized ExtentList allocatingFrom(long block) {
    nextFreeBlock = block;
    return this;
  }

  /** Whether the file has metadata that are not on the medium. */
  synchronized void setDirty(boolean value) {
    dirty = value;
  }

  synchronized void setNrPages(long value) {
    nrPages = value;
  }

  /** Gives the blocks of a part back, as a truncate or a punched hole does. */
  synchronized void free(long pgoff, long pages) {
    for (long i = 0; i < pages; i++) {
      Map.Entry<Long, Extent> floor = extents.floorEntry(pgoff + i);
      if (floor != null && pgoff + i < floor.getKey() + floor.getValue().nrPages) {
        splitAt(floor, pgoff + i);
      }
    }
  }

  private void splitAt(Map.Entry<Long, Extent> at, long pgoff) {
    Extent whole = at.getValue();
    long before = pgoff - at.getKey();
    extents.remove(at.getKey());
    if (before > 0) {
      extents.put(at.getKey(), new Extent(whole.type, before, whole.block, whole.flags));
    }
    if (before + 1 < whole.nrPages) {
      extents.put(
          pgoff + 1,
          new Extent(
              whole.type, whole.nrPages - before - 1, whole.block + before + 1, whole.flags));
    }
  }

  int nrSyncs() {
    return nrSyncs.get();
  }

  @Override
  public synchronized Iomap begin(long pos, long length, int flags) {
    long pgoff = pos / PAGE;
    Map.Entry<Long, Extent> floor = extents.floorEntry(pgoff);
    boolean there = floor != null && pgoff < floor.getKey() + floor.getValue().nrPages;
    boolean write = (flags & WRITE) != 0;
    if (!there && !write) {
      Long next = extents.higherKey(pgoff);
      long end = next == null ? Math.max(nrPages, pgoff + 1) : next;
      return new Iomap(Iomap.Type.HOLE, pgoff * PAGE, (end - pgoff) * PAGE, Iomap.NO_OFFSET, 0);
    }
    int isNew = 0;
    if (!there) {
      extents.put(pgoff, new Extent(Iomap.Type.MAPPED, 1, nextFreeBlock++, 0));
      floor = extents.floorEntry(pgoff);
      isNew = Iomap.F_NEW;
      dirty = true;
    }
    Extent extent = floor.getValue();
    return new Iomap(
        extent.type == Iomap.Type.UNWRITTEN && write ? Iomap.Type.MAPPED : extent.type,
        floor.getKey() * PAGE,
        extent.nrPages * PAGE,
        extent.block * PAGE,
        extent.flags | isNew | (dirty ? Iomap.F_DIRTY : 0));
  }

  @Override
  public synchronized long sizeBytes() {
    return nrPages * PAGE;
  }

  @Override
  public void syncMetadata() {
    setDirty(false);
    nrSyncs.incrementAndGet();
  }
}
