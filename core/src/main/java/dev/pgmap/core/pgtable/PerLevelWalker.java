package dev.pgmap.core.pgtable;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's walker: a method for each level, which tells leaves from tables. A PTE table is done
 * by the method of the PMD above it, as {@code zap_pte_range} and its like are.
 */
record PerLevelWalker() implements TableWalker {
  @Override
  public String name() {
    return "per-level";
  }

  @Override
  public void forEachLeaf(PageTables tables, long start, long end, LeafVisitor visitor) {
    LevelWalk.locked(tables, start, end, new Show(tables.geometry(), start, visitor));
  }

  @Override
  public long clearSome(PageTables tables, long start, long end, LeafVisitor cleared) {
    Zap zap = new Zap(tables.geometry(), start, end, cleared);
    LevelWalk.locked(tables, start, end, zap);
    return zap.goOn;
  }

  /** Shows entries. */
  private record Show(Geometry geometry, long start, LeafVisitor visitor) implements LevelOps {
    @Override
    public int levels() {
      return 1 << Geometry.PUD | 1 << Geometry.PMD;
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      if (!Pte.isTable(walk.entry(), Geometry.PUD)) {
        show(walk.table(), address);
      }
      return 0;
    }

    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      if (!Pte.isTable(walk.entry(), Geometry.PMD)) {
        show(walk.table(), address);
        return 0;
      }
      PageTable pte = TableTree.childOf(walk.table(), walk.index());
      for (long at = address; at < next; at = TableTree.nextBlock(pte, at)) {
        show(pte, at);
      }
      return 0;
    }

    /** Shows an entry; of a group only the first that the walk meets. */
    private void show(PageTable table, long address) {
      long entry = table.loadAcquire(table.index(address));
      int shift = geometry.leafShift(table.level(), entry);
      long first = address & -1L << shift;
      if (entry != 0 && (first == table.blockStart(address) || address == start)) {
        visitor.leaf(first, table.level(), table.loadAcquire(table.index(first)));
      }
    }
  }

  /** Clears the entries of the first table that has any, and stops where another one begins. */
  private static final class Zap implements LevelOps {
    private static final int STOP = 1;

    private final Geometry geometry;
    private final long start;
    private final long end;
    private final LeafVisitor cleared;
    private @Nullable PageTable clearedIn;
    private long goOn;

    Zap(Geometry geometry, long start, long end, LeafVisitor cleared) {
      this.geometry = geometry;
      this.start = start;
      this.end = end;
      this.cleared = cleared;
      this.goOn = end;
    }

    @Override
    public int levels() {
      return 1 << Geometry.PUD | 1 << Geometry.PMD;
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      return entry(walk.table(), address, Pte.isTable(walk.entry(), Geometry.PUD));
    }

    /** {@code zap_pmd_range}. */
    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      boolean table = Pte.isTable(walk.entry(), Geometry.PMD);
      int result = entry(walk.table(), address, table);
      if (result == 0 && table) {
        result = pteRange(TableTree.childOf(walk.table(), walk.index()), address, next);
      }
      return result;
    }

    /** An entry above the PTE level: a leaf goes, unless it is in another table than the last. */
    private int entry(PageTable table, long address, boolean isTable) {
      if (clearedIn != null && (isTable || table != clearedIn)) {
        goOn = address;
        return STOP;
      }
      if (!isTable) {
        clear(table, address);
      }
      return 0;
    }

    /** {@code zap_pte_range}. */
    private int pteRange(PageTable pte, long address, long next) {
      for (long at = address; at < next; at = TableTree.nextBlock(pte, at)) {
        if (pte.loadAcquire(pte.index(at)) != 0) {
          clear(pte, at);
        }
      }
      return 0;
    }

    private void clear(PageTable table, long address) {
      int index = table.index(address);
      int shift = geometry.leafShift(table.level(), table.loadAcquire(index));
      long first = address & -1L << shift;
      if (first < start) {
        throw LeafChecks.across(first, table.level(), start);
      }
      if (first + (1L << shift) > end) {
        throw LeafChecks.across(first, table.level(), end);
      }
      cleared.leaf(
          first, table.level(), TableTree.clearLeaf(table, index, 1 << shift - table.shift()));
      clearedIn = table;
    }
  }
}
