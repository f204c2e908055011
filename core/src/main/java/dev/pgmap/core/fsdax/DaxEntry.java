package dev.pgmap.core.fsdax;

/**
 * The value of a DAX entry, the kernel's value entry in {@code i_pages}:
 *
 * <pre>
 *   63                 4     3       2     1      0
 *  +--------------------+-------+------+-----+--------+
 *  | pfn                | empty | zero | pmd | locked |
 *  +--------------------+-------+------+-----+--------+
 * </pre>
 *
 * <p>No entry is 0 in calls that may find none: an empty entry has its bit, and every other one a
 * pfn.
 */
final class DaxEntry {
  static final long LOCKED = 1;
  static final long PMD = 1 << 1;
  static final long ZERO = 1 << 2;
  static final long EMPTY = 1 << 3;

  /** log2 of the pages that a PMD entry stands for. */
  static final int PMD_ORDER = 9;

  /** Pages that a PMD entry stands for. */
  static final long PMD_PAGES = 1L << PMD_ORDER;

  private static final int PFN_SHIFT = 4;
  private static final long KEPT = PMD;

  private DaxEntry() {}

  /** An entry that leads to memory, not locked. */
  static long of(long pfn, long flags) {
    return pfn << PFN_SHIFT | flags;
  }

  static long pfn(long entry) {
    return entry >>> PFN_SHIFT;
  }

  static boolean isLocked(long entry) {
    return (entry & LOCKED) != 0;
  }

  static long locked(long entry) {
    return entry | LOCKED;
  }

  static long unlocked(long entry) {
    return entry & ~LOCKED;
  }

  static boolean isPmd(long entry) {
    return (entry & PMD) != 0;
  }

  static boolean isZero(long entry) {
    return (entry & ZERO) != 0;
  }

  static boolean isEmpty(long entry) {
    return (entry & EMPTY) != 0;
  }

  /** Whether it leads to blocks of the file rather than to nothing or to the zero page. */
  static boolean isReal(long entry) {
    return (entry & (ZERO | EMPTY)) == 0;
  }

  static int order(long entry) {
    return (entry & KEPT) == 0 ? 0 : PMD_ORDER;
  }

  static long nrPages(long entry) {
    return 1L << order(entry);
  }

  /** The first page offset that an entry stands for which is found at this one. */
  static long firstIndex(long entry, long index) {
    return index & -nrPages(entry);
  }
}
