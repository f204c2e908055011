package dev.pgmap.core.pgtable;

/** The generic walker: one cursor, no levels. */
record LeafWalker() implements TableWalker {
  @Override
  public String name() {
    return "leaf";
  }

  @Override
  public void forEachLeaf(PageTables tables, long start, long end, LeafVisitor visitor) {
    if (start >= end) {
      return;
    }
    LeafCursor cursor = new LeafCursor();
    for (cursor.seek(tables, start); ; cursor.advance()) {
      if (!cursor.isNone()) {
        visitor.leaf(cursor.start(), cursor.level(), cursor.entry());
      }
      if (cursor.end() >= end) {
        return;
      }
    }
  }

  @Override
  public long clearSome(PageTables tables, long start, long end, LeafVisitor cleared) {
    LeafCursor cursor = new LeafCursor();
    cursor.seek(tables, start);
    while (cursor.isNone() && cursor.end() < end) {
      cursor.advance();
    }
    return cursor.isNone() ? cursor.end() : clearTable(cursor, start, end, cleared);
  }

  /** Clears what is in the cursor's table from here on; returns where the next table begins. */
  private static long clearTable(LeafCursor cursor, long start, long end, LeafVisitor cleared) {
    PageTable table = cursor.table();
    while (cursor.start() < end && cursor.table() == table) {
      if (!cursor.isNone()) {
        requireInside(cursor, start, end);
        int nrEntries = 1 << cursor.shift() - table.shift();
        long entry = TableTree.clearLeaf(table, cursor.index(), nrEntries);
        cleared.leaf(cursor.start(), table.level(), entry);
      }
      if (cursor.end() >= end) {
        return cursor.end();
      }
      cursor.advance();
    }
    return cursor.start();
  }

  private static void requireInside(LeafCursor cursor, long start, long end) {
    if (cursor.start() < start) {
      throw LeafChecks.across(cursor.start(), cursor.level(), start);
    }
    if (cursor.end() > end) {
      throw LeafChecks.across(cursor.start(), cursor.level(), end);
    }
  }
}
