package dev.pgmap.core.pgtable;

/**
 * The bits of a page-table entry of any level: those of x86-64, on every geometry.
 *
 * <p>Four kinds are in use: none (0), a leaf, an entry that points to a table, and those that are
 * not present, {@link SwapEntry}. At levels above PTE the {@link #PSE} bit tells a leaf from a
 * table; at the PTE level a present entry is a leaf. The devmap bit is that of kernels up to 6.14.
 */
public final class Pte {
  public static final long PRESENT = 1L;
  public static final long RW = 1L << 1;
  public static final long USER = 1L << 2;
  public static final long ACCESSED = 1L << 5;
  public static final long DIRTY = 1L << 6;
  public static final long PSE = 1L << 7;
  public static final long SPECIAL = 1L << 9;

  /** One of a contiguous group that maps one hugetlb page, as arm64's bit of that place. */
  public static final long CONT = 1L << 52;

  public static final long DEVMAP = 1L << 58;
  public static final long NX = 1L << 63;

  /** The pfn field: bits 12 to 51. */
  public static final long PFN_MASK = 0x000f_ffff_ffff_f000L;

  /** One past the largest pfn that an entry can hold. */
  public static final long PFN_END = 1L << 40;

  private static final int PFN_SHIFT = 12;
  private static final long TABLE_BITS = PRESENT | RW | USER | ACCESSED | DIRTY;

  private Pte() {}

  /** An entry for a pfn, with these bits; the pfn must be below {@link #PFN_END}. */
  public static long of(long pfn, long bits) {
    return pfn << PFN_SHIFT | bits;
  }

  /**
   * An entry that points to a table. Tables live in the heap, so the pfn field holds the table's
   * number: an entry that was replaced never equals the one that replaced it.
   */
  static long ofTable(long number) {
    return number << PFN_SHIFT & PFN_MASK | TABLE_BITS;
  }

  /** The entry number {@code i} after this one in a contiguous group of entries of an order. */
  static long advance(long entry, int i, int order) {
    return entry + ((long) i << order + PFN_SHIFT);
  }

  /** The first page frame that a leaf maps. */
  public static long pfn(long entry) {
    return (entry & PFN_MASK) >>> PFN_SHIFT;
  }

  /** Whether the entry maps memory or points to a table. */
  public static boolean isPresent(long entry) {
    return (entry & PRESENT) != 0;
  }

  /** Whether the entry maps memory. */
  public static boolean isLeaf(long entry, int level) {
    return level == Geometry.PTE
        ? (entry & PRESENT) != 0
        : (entry & (PRESENT | PSE)) == (PRESENT | PSE);
  }

  /** Whether the entry points to a table. */
  public static boolean isTable(long entry, int level) {
    return level != Geometry.PTE && (entry & (PRESENT | PSE)) == PRESENT;
  }

  /** The bits that an entry needs for this access from user space. */
  public static long permissionBits(boolean write) {
    return write ? PRESENT | USER | RW : PRESENT | USER;
  }

  /** Whether user space may use the entry for this access ({@code pte_access_permitted}). */
  public static boolean permits(long entry, boolean write) {
    long needed = permissionBits(write);
    return (entry & needed) == needed;
  }

  /** Whether writes are allowed. */
  public static boolean isWritable(long entry) {
    return (entry & RW) != 0;
  }

  /** Whether the entry was used for a write. */
  public static boolean isDirty(long entry) {
    return (entry & DIRTY) != 0;
  }

  /** Whether the entry was used. */
  public static boolean isAccessed(long entry) {
    return (entry & ACCESSED) != 0;
  }

  /** Whether the entry is one of a contiguous group. */
  public static boolean isContiguous(long entry) {
    return (entry & (PRESENT | CONT)) == (PRESENT | CONT);
  }

  /** Whether the mapped frame must not be treated as a struct page. */
  public static boolean isSpecial(long entry) {
    return (entry & SPECIAL) != 0;
  }

  /**
   * Whether a leaf holds a reference and a map count of the page it maps ({@code vm_normal_page}):
   * neither special ones do, nor those with the devmap bit.
   */
  public static boolean isCounted(long entry) {
    return (entry & (PRESENT | SPECIAL | DEVMAP)) == PRESENT;
  }

  /** Whether the entry carries the devmap bit of kernels up to 6.14. */
  public static boolean isDevmap(long entry) {
    return (entry & DEVMAP) != 0;
  }
}
