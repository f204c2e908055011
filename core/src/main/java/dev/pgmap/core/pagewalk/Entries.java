package dev.pgmap.core.pagewalk;

import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.LevelWalk;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.TableWalker;

/** What stands in a range of an address space, found by either walk. Stateless. */
final class Entries {
  private Entries() {}

  /**
   * Shows all of a range. Takes the mmap lock.
   *
   * @param walker which of the walks does it; both show the same, but for where holes are cut
   * @throws dev.pgmap.api.MmException EINVAL for an empty range
   */
  static void forEach(Mm mm, long start, long end, TableWalker walker, EntrySink sink) {
    mm.mmapLock().lockRead();
    try {
      if (walker.equals(TableWalker.PER_LEVEL)) {
        PageWalk.walkRange(mm, start, end, new ByLevels(sink));
      } else {
        LeafRange.walk(mm, start, end, new ByLeaves(sink));
      }
    } finally {
      mm.mmapLock().unlockRead();
    }
  }

  /** {@code pagemap_pmd_range}, {@code pagemap_hugetlb_range}, {@code pagemap_pte_hole}. */
  private record ByLevels(EntrySink sink) implements MmWalkOps {
    @Override
    public int levels() {
      return 1 << Geometry.PUD | 1 << Geometry.PMD;
    }

    @Override
    public int pudEntry(LevelWalk walk, long address, long next) {
      if (!Pte.isTable(walk.entry(), Geometry.PUD)) {
        huge(walk, address, next);
      }
      return 0;
    }

    @Override
    public int pmdEntry(LevelWalk walk, long address, long next) {
      PageTable pte = walk.table().child(walk.index());
      if (pte == null) {
        huge(walk, address, next);
      } else {
        pteRange(walk.tables(), pte, address, next);
      }
      return 0;
    }

    private void huge(LevelWalk walk, long address, long next) {
      PageTables tables = walk.tables();
      tables.lock();
      try {
        one(tables, walk.table(), address, next);
      } finally {
        tables.unlock();
      }
      walk.setAction(LevelWalk.Action.CONTINUE);
    }

    private void pteRange(PageTables tables, PageTable pte, long start, long end) {
      long step = 1L << pte.shift();
      tables.lock();
      try {
        for (long at = start; at < end; at = pte.blockStart(at) + step) {
          one(tables, pte, at, Math.min(end, pte.blockStart(at) + step));
        }
      } finally {
        tables.unlock();
      }
    }

    /** Shows an entry; of a contiguous group it is one part, which names the whole group's size. */
    private void one(PageTables tables, PageTable table, long address, long next) {
      long entry = table.loadAcquire(table.index(address));
      if (entry == 0 || Pte.isTable(entry, table.level())) {
        sink.hole(address, next);
        return;
      }
      long leafBytes = 1L << tables.geometry().leafShift(table.level(), entry);
      sink.entry(address, next, table.blockStart(address), leafBytes, entry);
    }

    @Override
    public int pteHole(long address, long next, int depth) {
      sink.hole(address, next);
      return 0;
    }

    @Override
    public int hugetlbEntry(LeafCursor cursor, Vma vma, long address, long next) {
      leaf(sink, cursor, address, next);
      return 0;
    }
  }

  /** The same, without levels. */
  private record ByLeaves(EntrySink sink) implements LeafOps {
    @Override
    public void leafEntry(LeafCursor cursor, Vma vma, long address, long next) {
      leaf(sink, cursor, address, next);
    }

    @Override
    public void hole(long address, long next) {
      sink.hole(address, next);
    }
  }

  private static void leaf(EntrySink sink, LeafCursor cursor, long address, long next) {
    sink.entry(address, next, cursor.start(), 1L << cursor.shift(), cursor.entry());
  }
}
