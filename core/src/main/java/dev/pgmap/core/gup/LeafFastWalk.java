package dev.pgmap.core.gup;

import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.LeafCursors;
import dev.pgmap.core.pgtable.PageTables;

/**
 * The fast walk leaf by leaf: what it does depends on the size of a leaf, never on its level.
 *
 * <p>It takes what {@link FastWalk} takes, in the same order. One thing differs: where a devmap
 * entry's pgmap is dying, the kernel's walk gives back all pages of the PTE table; this one, which
 * knows of no tables, keeps those it has.
 */
final class LeafFastWalk implements FastWalker {
  private final Pagemaps pagemaps;
  private final LeafTake take;
  private final GupPolicies policies;
  private final LeafCursors cursors = new LeafCursors();

  LeafFastWalk(Pagemaps pagemaps, LeafTake take, GupPolicies policies) {
    this.policies = policies;
    this.pagemaps = pagemaps;
    this.take = take;
  }

  @Override
  public int walk(PageTables tables, long start, long end, int flags, long[] pfns, int offset) {
    LeafCursor cursor = cursors.take();
    try {
      cursor.seek(tables, start);
      return walk(cursor, start, end, flags, pfns, offset);
    } finally {
      cursors.give(cursor);
    }
  }

  private int walk(LeafCursor cursor, long start, long end, int flags, long[] pfns, int offset) {
    DevPagemap pgmap = null;
    int at = offset;
    long address = start;
    while (cursor.isPresent() && take.mayTake(cursor.entry(), flags)) {
      long next = Math.min(end, cursor.end());
      long pfn = cursor.pfnOf(address);
      int nr = (int) (next - address >>> 12);
      if (policies.looksUpPagemap() && cursor.isDevmap() && cursor.order() == 0) {
        pgmap = pagemaps.getDevPagemap(pfn, pgmap);
        if (pgmap == null) {
          break;
        }
      }
      if (!takeLeaf(cursor, pfn, nr, flags)) {
        break;
      }
      for (int i = 0; i < nr; i++) {
        pfns[at++] = pfn + i;
      }
      address = next;
      if (address >= end) {
        break;
      }
      cursor.advance();
    }
    pagemaps.putDevPagemap(pgmap);
    return at - offset;
  }

  private boolean takeLeaf(LeafCursor cursor, long pfn, int nrPages, int flags) {
    return cursor.order() == 0
        ? take.wholeLeaf(cursor.table(), cursor.index(), cursor.entry(), pfn, 1, flags)
        : take.leaf(cursor.table(), cursor.index(), cursor.entry(), pfn, nrPages, flags);
  }
}
