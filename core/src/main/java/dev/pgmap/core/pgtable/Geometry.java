package dev.pgmap.core.pgtable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/**
 * The levels of an architecture's page tables, as data.
 *
 * <p>Levels are numbered from the bottom: {@link #PTE}, {@link #PMD}, {@link #PUD}, {@link #P4D},
 * {@link #PGD}. A level that the architecture lacks is folded: no table of it exists, and {@link
 * #below} of the level above skips it. Immutable.
 */
public final class Geometry {
  /** Entries that map a base page. */
  public static final int PTE = 0;

  /** Entries that map a huge page of the first size (2 MiB on x86-64), or point to a PTE table. */
  public static final int PMD = 1;

  /** Entries that map a huge page of the second size (1 GiB on x86-64), or point to a PMD table. */
  public static final int PUD = 2;

  /** The fourth level, folded unless there are five. */
  public static final int P4D = 3;

  /** The top level, the root table. */
  public static final int PGD = 4;

  private static final int BASE_SHIFT = 12;
  private static final String[] NAMES = {"pte", "pmd", "pud", "p4d", "pgd"};

  private final String name;
  private final int nrTableLevels;
  private final int[] shifts;
  private final int[] entries;
  private final boolean[] leafAllowed;
  private final long userEnd;

  private Geometry(
      String name, int nrTableLevels, int[] shifts, int[] entries, boolean[] leaf, long userEnd) {
    this.name = name;
    this.nrTableLevels = nrTableLevels;
    this.shifts = shifts;
    this.entries = entries;
    this.leafAllowed = leaf;
    this.userEnd = userEnd;
  }

  /**
   * x86-64 with 4 KiB base pages.
   *
   * @param levels 4 or 5
   * @throws MmException EINVAL for any other number
   */
  public static Geometry x86(int levels) {
    boolean[] leaf = {true, true, true, false, false};
    return switch (levels) {
      case 4 ->
          new Geometry(
              "x86-64, 4 levels",
              4,
              new int[] {12, 21, 30, 39, 39},
              new int[] {512, 512, 512, 1, 512},
              leaf,
              (1L << 47) - 4096);
      case 5 ->
          new Geometry(
              "x86-64, 5 levels",
              5,
              new int[] {12, 21, 30, 39, 48},
              new int[] {512, 512, 512, 512, 512},
              leaf,
              (1L << 56) - 4096);
      default ->
          throw new MmException(
              Errno.EINVAL, "page tables", levels + " levels", "4 or 5", "see the machine's spec");
    };
  }

  /** What this describes, for messages. */
  public String name() {
    return name;
  }

  /** How many levels have tables. */
  public int nrTableLevels() {
    return nrTableLevels;
  }

  /** log2 of the bytes that one entry of the level covers. */
  public int shift(int level) {
    return shifts[level];
  }

  /** log2 of the base pages that one entry of the level covers. */
  public int order(int level) {
    return shifts[level] - BASE_SHIFT;
  }

  /** Bytes that one entry of the level covers. */
  public long bytes(int level) {
    return 1L << shifts[level];
  }

  /** Entries in one table of the level; 1 for a folded one. */
  public int entries(int level) {
    return entries[level];
  }

  /** Whether an entry of the level may map memory rather than point to a table. */
  public boolean leafAllowed(int level) {
    return leafAllowed[level];
  }

  /** Whether the architecture has no tables of the level. */
  public boolean isFolded(int level) {
    return entries[level] == 1;
  }

  /** The level of the tables that entries of this level point to; -1 below {@link #PTE}. */
  public int below(int level) {
    int below = level - 1;
    while (below >= 0 && isFolded(below)) {
      below--;
    }
    return below;
  }

  /** The kernel's name of the level, such as {@code pmd}. */
  public static String levelName(int level) {
    return NAMES[level];
  }

  /** One past the last address of user space, {@code TASK_SIZE_MAX}. */
  public long userEnd() {
    return userEnd;
  }

  @Override
  public String toString() {
    return name;
  }
}
