package dev.pgmap.core.pgtable;

import java.util.Objects;

/** Steps in the tree of tables that both walkers share, all under the page-table lock. */
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
   * Empties a leaf and returns what its first entry was; the accessed and dirty bits are those of
   * any of its entries ({@code huge_ptep_get_and_clear}).
   */
  static long clearLeaf(PageTable table, int index, int nrEntries) {
    long entry = table.getAndClear(index);
    for (int i = 1; i < nrEntries; i++) {
      entry |= table.getAndClear(index + i) & (Pte.ACCESSED | Pte.DIRTY);
    }
    return entry;
  }

  /** Where the entry behind the one that covers an address begins. */
  static long nextBlock(PageTable table, long at) {
    return table.blockStart(at) + (1L << table.shift());
  }
}
