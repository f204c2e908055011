package dev.pgmap.core.pagewalk;

import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.LeafCursor;

/** What the generic walk calls: one callback in place of one for each level and for hugetlb. */
public interface LeafOps {
  /**
   * What stands at a place of an area and is not none: a leaf of any size, a swap-like entry. Under
   * the page-table lock.
   *
   * @param cursor stands on it
   * @param address from where on, within it
   * @param next to where
   */
  void leafEntry(LeafCursor cursor, Vma vma, long address, long next);

  /** Nothing stands in a part of the range. */
  void hole(long address, long next);
}
