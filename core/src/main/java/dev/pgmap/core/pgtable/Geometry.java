package dev.pgmap.core.pgtable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The levels of an architecture's page tables, as data.
 *
 * <p>Levels are numbered from the bottom: {@link #PTE}, {@link #PMD}, {@link #PUD}, {@link #P4D},
 * {@link #PGD}. A level that the architecture lacks is folded: no table of it exists, and {@link
 * #below} of the level above skips it.
 *
 * <p>A leaf is one entry, or a contiguous group: {@link #contiguous} entries of one level that
 * together map one hugetlb page, each with {@link Pte#CONT}.
 *
 * <p>Page frames are numbered in units of 4 KiB on every geometry. Where the base page is larger, a
 * PTE maps several of them: {@link #order} of {@link #PTE} is 2 for 16 KiB and 4 for 64 KiB.
 * Immutable. {@link Geometries} has all that there are.
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

  private static final int FRAME_SHIFT = 12;
  private static final String[] NAMES = {"pte", "pmd", "pud", "p4d", "pgd"};

  /**
   * One level.
   *
   * @param shift log2 of the bytes that one entry covers
   * @param entries in one table; 1 for a folded level
   * @param leaf whether one entry may map memory
   * @param faults whether a fault of a file or of anonymous memory may map with one entry; other
   *     leaves are for hugetlb alone
   * @param contiguous how many entries may together map one hugetlb page; 1 if none do
   */
  record Level(int shift, int entries, boolean leaf, boolean faults, int contiguous) {}

  private final String name;
  private final String title;
  private final long compatAlignBytes;
  private final long userEnd;
  private final int[] shifts = new int[NAMES.length];
  private final int[] entries = new int[NAMES.length];
  private final boolean[] leafAllowed = new boolean[NAMES.length];
  private final boolean[] faultsAllowed = new boolean[NAMES.length];
  private final int[] contiguous = new int[NAMES.length];

  /**
   * A geometry.
   *
   * @param name one word
   * @param title the same in words
   * @param levels from PTE to PGD
   * @param userEnd one past the last address of user space
   * @param compatAlignBytes {@code memremap_compat_align}
   */
  Geometry(String name, String title, List<Level> levels, long userEnd, long compatAlignBytes) {
    this.name = name;
    this.title = title;
    this.userEnd = userEnd;
    this.compatAlignBytes = compatAlignBytes;
    for (int i = PGD; i >= PTE; i--) {
      Level level = levels.get(i);
      shifts[i] = level.entries == 1 ? shifts[i + 1] : level.shift;
      entries[i] = level.entries;
      leafAllowed[i] = level.leaf;
      faultsAllowed[i] = level.faults;
      contiguous[i] = level.contiguous;
    }
  }

  /**
   * x86-64 with 4 KiB base pages.
   *
   * @param levels 4 or 5
   * @throws MmException EINVAL for any other number
   */
  public static Geometry x86(int levels) {
    return switch (levels) {
      case 4 -> Geometries.X86_64;
      case 5 -> Geometries.X86_64_LA57;
      default ->
          throw new MmException(
              Errno.EINVAL, "machine: levels", "" + levels, "4 or 5", "or name a geometry");
    };
  }

  /** The word that names it, such as {@code powerpc-radix-64k}. */
  public String name() {
    return name;
  }

  /** How many levels have tables. */
  public int nrTableLevels() {
    int nr = 0;
    for (int level = PTE; level <= PGD; level++) {
      nr += isFolded(level) ? 0 : 1;
    }
    return nr;
  }

  /** log2 of the bytes that one entry of the level covers; that of the level above if folded. */
  public int shift(int level) {
    return shifts[level];
  }

  /** log2 of the 4 KiB frames that one entry of the level covers. */
  public int order(int level) {
    return shifts[level] - FRAME_SHIFT;
  }

  /** Bytes that one entry of the level covers. */
  public long bytes(int level) {
    return 1L << shifts[level];
  }

  /** Bytes of a base page, {@code PAGE_SIZE}. */
  public long pageBytes() {
    return bytes(PTE);
  }

  /** Entries in one table of the level; 1 for a folded one. */
  public int entries(int level) {
    return entries[level];
  }

  /** The most leaves that one table can have. */
  public int mostLeavesPerTable() {
    int most = 0;
    for (int level = PTE; level <= PGD; level++) {
      if (leafAllowed[level] || contiguous[level] > 1) {
        most = Math.max(most, entries[level]);
      }
    }
    return most;
  }

  /** Whether one entry of the level may map memory rather than point to a table. */
  public boolean leafAllowed(int level) {
    return leafAllowed[level];
  }

  /**
   * Whether faults may map with one entry of the level: base pages, and above them what {@code
   * has_transparent_hugepage} says for the PMD and its like for the PUD.
   */
  public boolean faultsAllowed(int level) {
    return faultsAllowed[level];
  }

  /** How many entries of the level together map one hugetlb page; 1 where there is no such size. */
  public int contiguous(int level) {
    return contiguous[level];
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

  /** log2 of the bytes that a leaf maps: that of its level, or more for a contiguous group. */
  public int leafShift(int level, long entry) {
    int group = Pte.isContiguous(entry) ? Integer.numberOfTrailingZeros(contiguous[level]) : 0;
    return shifts[level] + group;
  }

  /** log2 of the 4 KiB frames that a leaf maps. */
  public int leafOrder(int level, long entry) {
    return leafShift(level, entry) - FRAME_SHIFT;
  }

  /** Sizes in bytes with which device memory can be mapped, smallest first. */
  public List<Long> mappingBytes() {
    List<Long> sizes = new ArrayList<>();
    for (int level = PTE; level <= PGD; level++) {
      if (faultsAllowed[level]) {
        sizes.add(bytes(level));
      }
    }
    return sizes;
  }

  /** {@link #mappingBytes} in words, such as {@code 4K, 2M or 1G}. */
  public String mappingSizes() {
    List<String> sizes = mappingBytes().stream().map(Geometry::brief).toList();
    int last = sizes.size() - 1;
    return last == 0
        ? sizes.getFirst()
        : String.join(", ", sizes.subList(0, last)) + " or " + sizes.get(last);
  }

  private static String brief(long bytes) {
    int unit = (Long.numberOfTrailingZeros(bytes) - 10) / 10;
    return (bytes >>> 10 + 10 * unit) + "KMGT".substring(unit, unit + 1);
  }

  /** Sizes in bytes of hugetlb pages, smallest first. */
  public List<Long> hugetlbBytes() {
    List<Long> sizes = new ArrayList<>();
    for (int level = PTE; level <= PGD; level++) {
      if (level > PTE && leafAllowed[level]) {
        sizes.add(bytes(level));
      }
      if (contiguous[level] > 1) {
        sizes.add(bytes(level) * contiguous[level]);
      }
    }
    return sizes;
  }

  /**
   * {@code memremap_compat_align}: what ranges of device memory are aligned to so that every kernel
   * of the architecture can map them; 2 MiB, but 16 MiB with a hash MMU.
   */
  public long compatAlignBytes() {
    return compatAlignBytes;
  }

  /** The kernel's name of the level, such as {@code pmd}. */
  public static String levelName(int level) {
    return NAMES[level];
  }

  /** One past the last address of user space, {@code TASK_SIZE_MAX}. */
  public long userEnd() {
    return userEnd;
  }

  /** In words, such as {@code x86-64, 4 levels}. */
  @Override
  public String toString() {
    return title;
  }
}
