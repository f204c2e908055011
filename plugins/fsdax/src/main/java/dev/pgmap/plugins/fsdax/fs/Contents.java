package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.plugins.fsdax.format.Extent;
import dev.pgmap.plugins.fsdax.format.Medium;
import dev.pgmap.plugins.fsdax.format.SealedBlock;
import dev.pgmap.plugins.fsdax.space.Run;
import dev.pgmap.plugins.fsdax.volume.ExtentMap;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import dev.pgmap.plugins.fsdax.volume.Volume;
import java.util.Arrays;
import java.util.List;

/** Bytes of files and the blocks that they need. Used under the file system's lock. */
final class Contents {
  private static final int PAGE = SealedBlock.BYTES;

  private final Volume volume;
  private final Medium medium;

  Contents(Volume volume) {
    this.volume = volume;
    this.medium = volume.medium();
  }

  /** One past the last page of that many bytes. */
  static long pagesOf(long bytes) {
    return (bytes + PAGE - 1) / PAGE;
  }

  /** Copies bytes out of a file; holes and unwritten extents read as zeroes. */
  void read(ExtentMap map, long pos, byte[] to, int at, int nrBytes) {
    Arrays.fill(to, at, at + nrBytes, (byte) 0);
    for (Extent extent : map.within(pos / PAGE, pagesOf(pos + nrBytes))) {
      if (!extent.unwritten()) {
        long from = Math.max(pos, extent.page() * PAGE);
        long end = Math.min(pos + nrBytes, extent.endPage() * PAGE);
        medium
            .bytes()
            .read(offsetOf(extent, from), to, at + (int) (from - pos), (int) (end - from));
      }
    }
  }

  /** Copies bytes into a file all of whose pages there are written and its own. */
  void write(ExtentMap map, long pos, byte[] bytes, int at, int nrBytes) {
    for (Extent extent : map.within(pos / PAGE, pagesOf(pos + nrBytes))) {
      long from = Math.max(pos, extent.page() * PAGE);
      long end = Math.min(pos + nrBytes, extent.endPage() * PAGE);
      medium
          .bytes()
          .write(offsetOf(extent, from), bytes, at + (int) (from - pos), (int) (end - from));
    }
  }

  private static long offsetOf(Extent extent, long pos) {
    return extent.block() * PAGE + (pos - extent.page() * PAGE);
  }

  /**
   * The map in which the pages of a part are written and belong to nobody else, so that bytes can
   * be stored there. Pages that the part covers only partly keep their other bytes.
   *
   * @param pos first byte of the part
   * @param end one past its last byte
   */
  ExtentMap writable(Transaction transaction, Inode inode, ExtentMap before, long pos, long end) {
    long endPage = pagesOf(end);
    ExtentMap map = before;
    for (long page = pos / PAGE; page < endPage; ) {
      Extent there = before.at(page);
      long to = Math.min(endPage, there == null ? before.nextMapped(page) : there.endPage());
      if (there == null) {
        map = fill(transaction, inode, map, page, to, pos, end);
      } else if (there.unwritten()) {
        Extent part = there.clip(page, to);
        zeroEdges(List.of(part), pos, end);
        map = map.written(page, to);
      } else {
        map = unshare(transaction, inode, map, there.clip(page, to), pos, end);
      }
      page = to;
    }
    return map;
  }

  private ExtentMap fill(
      Transaction transaction,
      Inode inode,
      ExtentMap before,
      long page,
      long to,
      long pos,
      long end) {
    List<Extent> added = transaction.allocate(inode, page, to - page, false, before.goalFor(page));
    zeroEdges(added, pos, end);
    ExtentMap map = before;
    for (Extent extent : added) {
      map = map.with(extent);
    }
    return map;
  }

  /** Zeroes the pages of new extents that the part covers only partly. */
  private void zeroEdges(List<Extent> extents, long pos, long end) {
    for (Extent extent : extents) {
      zeroEdge(extent, pos);
      if (pos / PAGE != end / PAGE) {
        zeroEdge(extent, end);
      }
    }
  }

  private void zeroEdge(Extent extent, long edge) {
    long page = edge / PAGE;
    if (edge % PAGE != 0 && page >= extent.page() && page < extent.endPage()) {
      medium.zero(extent.blockOf(page), 1);
    }
  }

  private ExtentMap unshare(
      Transaction transaction, Inode inode, ExtentMap before, Extent part, long pos, long end) {
    if (!volume.superblock().reflink()) {
      return before;
    }
    ExtentMap map = before;
    for (Extent at = part; at.nrBlocks() > 0; ) {
      long same = volume.owners().sameFor(new Run(at.block(), at.nrBlocks()));
      Extent alike = at.clip(at.page(), at.page() + same);
      if (volume.owners().countOf(alike.block()) > 1) {
        map = copy(transaction, inode, map, alike, pos, end);
      }
      if (alike.endPage() >= at.endPage()) {
        break;
      }
      at = at.clip(alike.endPage(), at.endPage());
    }
    return map;
  }

  private ExtentMap copy(
      Transaction transaction, Inode inode, ExtentMap before, Extent shared, long pos, long end) {
    transaction.drop(inode, shared);
    ExtentMap map = before.without(shared.page(), shared.endPage());
    for (Extent copied : transaction.allocate(inode, shared.page(), shared.nrBlocks(), false, -1)) {
      copyEdge(shared, copied, pos);
      copyEdge(shared, copied, end);
      map = map.with(copied);
    }
    return map;
  }

  private void copyEdge(Extent shared, Extent copied, long edge) {
    long page = edge / PAGE;
    if (edge % PAGE != 0 && page >= copied.page() && page < copied.endPage()) {
      medium.write(copied.blockOf(page), medium.read(shared.blockOf(page)));
    }
  }

  /**
   * Zeroes bytes of one page, if it has written bytes at all.
   *
   * @param from first byte
   * @param to one past the last byte, in the same page
   */
  ExtentMap zero(Transaction transaction, Inode inode, ExtentMap before, long from, long to) {
    Extent there = before.at(from / PAGE);
    if (from >= to || there == null || there.unwritten()) {
      return before;
    }
    ExtentMap map = writable(transaction, inode, before, from, to);
    byte[] zeroes = new byte[(int) (to - from)];
    write(map, from, zeroes, 0, zeroes.length);
    return map;
  }

  /** Zeroes what the last page has behind the end of a file that grows. */
  ExtentMap zeroTail(
      Transaction transaction, Inode inode, ExtentMap before, long sizeBytes, long until) {
    long end = Math.min(until, pagesOf(sizeBytes) * PAGE);
    return zero(transaction, inode, before, sizeBytes, end);
  }
}
