package dev.pgmap.core.pagewalk;

import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.LevelOps;

/**
 * {@code struct mm_walk_ops}: the callbacks for each level, and those for areas.
 *
 * <p>For an area the calls are {@link #testWalk}, {@link #preVma}, the entries, {@link #postVma}.
 * Between areas {@link #pteHole} is told, with depth -1.
 */
public interface MmWalkOps extends LevelOps {
  /** What {@link #testWalk} answers for an area that is to be left out. */
  int SKIP = 1;

  /**
   * Whether to walk an area: 0 yes, {@link #SKIP} no, a negative errno to end the walk. An area of
   * bare frames ({@code VM_PFNMAP}) is one hole, unless this is overridden.
   */
  default int testWalk(Vma vma, long address, long next) {
    if (!vma.has(VmFlag.PFNMAP)) {
      return 0;
    }
    int result = pteHole(address, next, -1);
    return result == 0 ? SKIP : result;
  }

  /** An area is about to be walked; not 0 ends the walk. */
  default int preVma(Vma vma, long address, long next) {
    return 0;
  }

  /** An area was walked. */
  default void postVma(Vma vma) {}

  /**
   * A leaf or swap-like entry of a hugetlb area; under the page-table lock.
   *
   * @param cursor stands on it
   * @param address from where on, within it
   * @param next to where
   */
  default int hugetlbEntry(LeafCursor cursor, Vma vma, long address, long next) {
    return 0;
  }
}
