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
  static long clearOneTable(PageTable root, long start, long end, LeafVisitor cleared) {
    PageTable table = root;
    long at = start;
    while (at < end) {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      if (Pte.isTable(entry, table.level())) {
        table = childOf(table, index);
      } else if (entry != 0) {
        return clearRun(table, at, end, cleared);
      } else {
        at = nextBlock(table, at);
        table = table.index(at) == 0 ? root : table;
      }
    }
    return at;
  }

  /** Clears leaves of one table from {@code start} on, up to its end or its next table entry. */
  private static long clearRun(PageTable table, long start, long end, LeafVisitor cleared) {
    int level = table.level();
    checkAligned(table, start, start);
    long at = start;
    do {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      if (Pte.isTable(entry, level)) {
        return at;
      }
      if (entry != 0) {
        if (nextBlock(table, at) > end) {
          throw LeafChecks.across(at, level, end);
        }
        cleared.leaf(at, level, table.getAndClear(index));
      }
      at = nextBlock(table, at);
    } while (at < end && table.index(at) != 0);
    return at;
  }

  private static void checkAligned(PageTable table, long at, long boundary) {
    if (table.blockStart(at) != at) {
      throw LeafChecks.across(table.blockStart(at), table.level(), boundary);
    }
  }

  private static long nextBlock(PageTable table, long at) {
    return table.blockStart(at) + (1L << table.shift());
  }

  static void forEachLeaf(PageTable table, long start, long end, LeafVisitor visitor) {
    long step = 1L << table.shift();
    for (long at = table.blockStart(start); at < end; at += step) {
      int index = table.index(at);
      long entry = table.loadAcquire(index);
      if (Pte.isTable(entry, table.level())) {
        PageTable child = childOf(table, index);
        forEachLeaf(child, Math.max(at, start), Math.min(at + step, end), visitor);
      } else if (entry != 0) {
        visitor.leaf(at, table.level(), entry);
      }
    }
  }
}
