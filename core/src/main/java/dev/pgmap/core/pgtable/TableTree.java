package dev.pgmap.core.pgtable;

import java.util.Objects;

/** Walks over the tree of tables, all under the page-table lock. */
final class TableTree {
  private TableTree() {}

  /** The child of an entry known to point to a table. */
  static PageTable childOf(PageTable table, int index) {
    return Objects.requireNonNull(table.child(index), "page-table lock not held");
  }

  /** The lowest table on the way to an address that is not below {@code level}. */
  static PageTable lowestAtOrAbove(PageTable root, long address, int level) {
    PageTable table = root;
    while (table.level() > level) {
      int index = table.index(address);
      if (!Pte.isTable(table.loadAcquire(index), table.level())) {
        break;
      }
      table = childOf(table, index);
    }
    return table;
  }

  /**
   * Finds the first table from {@code start} on that has leaves in the range, clears those, and
   * returns where the next table begins. Empty space is skipped a whole entry at a time.
   */
  static long clearOneTable(
      Geometry geometry, PageTable root, long start, long end, LeafVisitor cleared) {
    PageTable table = root;
    long at = start;
    while (at < end) {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      if (Pte.isTable(entry, table.level())) {
        table = childOf(table, index);
      } else if (entry != 0) {
        return clearRun(geometry, table, at, end, cleared);
      } else {
        at = nextBlock(table, at);
        table = table.index(at) == 0 ? root : table;
      }
    }
    return at;
  }

  /** Clears leaves of one table from {@code start} on, up to its end or its next table entry. */
  private static long clearRun(
      Geometry geometry, PageTable table, long start, long end, LeafVisitor cleared) {
    int level = table.level();
    long at = start;
    checkAligned(geometry, table, at);
    do {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      if (Pte.isTable(entry, level)) {
        return at;
      }
      long next = table.blockStart(at) + (1L << geometry.leafShift(level, entry));
      if (entry != 0) {
        if (next > end) {
          throw LeafChecks.across(at, level, end);
        }
        cleared.leaf(at, level, clearLeaf(table, index, (int) (next - at >>> table.shift())));
      }
      at = next;
    } while (at < end && table.index(at) != 0);
    return at;
  }

  /**
   * Empties a leaf and returns what its first entry was; the accessed and dirty bits are those of
   * any of its entries ({@code huge_ptep_get_and_clear}).
   */
  private static long clearLeaf(PageTable table, int index, int nrEntries) {
    long entry = table.getAndClear(index);
    for (int i = 1; i < nrEntries; i++) {
      entry |= table.getAndClear(index + i) & (Pte.ACCESSED | Pte.DIRTY);
    }
    return entry;
  }

  private static void checkAligned(Geometry geometry, PageTable table, long at) {
    long entry = table.loadAcquire(table.index(at));
    long start = at & -1L << geometry.leafShift(table.level(), entry);
    if (start != at) {
      throw LeafChecks.across(start, table.level(), at);
    }
  }

  private static long nextBlock(PageTable table, long at) {
    return table.blockStart(at) + (1L << table.shift());
  }

  static void forEachLeaf(
      Geometry geometry, PageTable table, long start, long end, LeafVisitor visitor) {
    long next;
    for (long at = table.blockStart(start); at < end; at = next) {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      int shift = geometry.leafShift(table.level(), entry);
      at &= -1L << shift;
      next = at + (1L << shift);
      if (Pte.isTable(entry, table.level())) {
        PageTable child = childOf(table, index);
        forEachLeaf(geometry, child, Math.max(at, start), Math.min(next, end), visitor);
      } else if (entry != 0) {
        visitor.leaf(at, table.level(), table.loadAcquire(table.index(at)));
      }
    }
  }
}
