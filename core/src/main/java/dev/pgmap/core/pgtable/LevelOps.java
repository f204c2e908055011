package dev.pgmap.core.pgtable;

/**
 * What a walk level by level calls: one method per level, as in {@code struct mm_walk_ops}.
 *
 * <p>{@link #levels} says which of them there are; the others are never called. A method looks at
 * the entry through {@link LevelWalk#entry} and may say with {@link LevelWalk#setAction} how to go
 * on. Each returns 0 to go on, or what the walk is to end with: by convention a negative errno, or
 * a positive number of its own.
 */
public interface LevelOps {
  /** Which levels have a method: bit {@code 1 << level} for each. */
  int levels();

  /** An entry of the root table that is not none. */
  default int pgdEntry(LevelWalk walk, long address, long next) {
    return 0;
  }

  /** An entry of the fourth level that is not none. */
  default int p4dEntry(LevelWalk walk, long address, long next) {
    return 0;
  }

  /** A PUD that is not none: a table, a huge leaf. */
  default int pudEntry(LevelWalk walk, long address, long next) {
    return 0;
  }

  /** A PMD that is not none: a table, a huge leaf, a swap-like entry. */
  default int pmdEntry(LevelWalk walk, long address, long next) {
    return 0;
  }

  /** Each entry of a PTE table, also one that is none; under the page-table lock. */
  default int pteEntry(LevelWalk walk, long address, long next) {
    return 0;
  }

  /**
   * A part of the range without tables below it.
   *
   * @param depth which level's entry is none: 0 PGD, 1 P4D, 2 PUD, 3 PMD; that of the level above
   *     for a folded one; -1 where nobody looked, as between areas
   */
  default int pteHole(long address, long next, int depth) {
    return 0;
  }
}
