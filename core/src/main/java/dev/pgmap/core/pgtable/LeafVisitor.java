package dev.pgmap.core.pgtable;

/**
 * Receives leaves and swap-like entries ({@link SwapEntry}) in address order, under the page-table
 * lock. Must not block.
 */
@FunctionalInterface
public interface LeafVisitor {
  /**
   * One leaf.
   *
   * @param address the first address that it maps
   * @param level its level, a constant of {@link Geometry}
   * @param entry its value, when it was cleared or as it stands
   */
  void leaf(long address, int level, long entry);
}
