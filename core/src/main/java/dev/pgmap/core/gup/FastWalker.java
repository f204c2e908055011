package dev.pgmap.core.gup;

import dev.pgmap.core.pgtable.PageTables;

/**
 * gup-fast: takes pages by walking page tables without any lock.
 *
 * <p>Why this is safe. The caller is inside a read section of RCU, as a kernel has interrupts off.
 * Whoever clears a leaf and then wants the page to be unused waits for a grace period first, so a
 * page found through an entry stays a page of that memory until the walk is over. Between reading
 * the entry and taking the reference the entry may have gone; therefore it is read again after the
 * reference was taken (a locked instruction, hence a full barrier), and if it changed the reference
 * is given back. In kernels with devmap entries the pgmap reference, held from before the page
 * reference until after the second look, excludes teardown besides.
 *
 * <p>The walk stops at the first page that it cannot take and keeps those it has. It never faults,
 * blocks or allocates.
 */
sealed interface FastWalker permits FastWalk, LeafFastWalk {
  /**
   * Takes pages from {@code start} on.
   *
   * @param end exclusive, a multiple of 4096 like {@code start}
   * @param pfns filled from {@code offset} on
   * @return how many pages were taken
   */
  int walk(PageTables tables, long start, long end, int flags, long[] pfns, int offset);
}
