package dev.pgmap.core.pgtable;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One place in page tables, whatever its level: {@code struct mm_walk_state} of the generic leaf
 * walker.
 *
 * <p>It stands on an entry that does not point to a table: a leaf, a contiguous group, a swap-like
 * entry, or none. It keeps what it saw there, and the tables on the way down, so that going on
 * climbs no higher than it must. The decoders mean the same at every level; nobody who uses them
 * asks which level it is.
 *
 * <pre>
 *   if (!cursor.seekLeaf(tables, address)) goto not present
 *   for (cursor.seek(tables, start); cursor.start() &lt; end; cursor.advance()) ...
 * </pre>
 *
 * <p>Threading: one thread at a time. The caller holds the page-table lock, or is inside a read
 * section of RCU from {@link #seek} to the last use, and then checks with {@link #isUnchanged}
 * after it has taken what it wants. Moving allocates nothing.
 */
public final class LeafCursor {
  private final @Nullable PageTable[] path = new PageTable[Geometry.PGD + 1];
  private @Nullable Geometry geometry;
  private @Nullable PageTable table;
  private int index;
  private int shift;
  private long start;
  private long entry;

  /** A cursor that stands nowhere yet. */
  public LeafCursor() {}

  /**
   * Stands on what covers an address.
   *
   * @param address an address of user space
   * @return whether a present leaf is there
   */
  public boolean seekLeaf(PageTables tables, long address) {
    seek(tables, address);
    return isPresent();
  }

  /** Stands on what covers an address of user space, be it none. */
  public void seek(PageTables tables, long address) {
    geometry = tables.geometry();
    descend(geometry, tables.root(), address);
  }

  /** Goes on to what covers the address behind this place. */
  public void advance() {
    PageTable from = at();
    Geometry shape = shape();
    long next = start + (1L << shift);
    int nextIndex = index + (1 << shift - from.shift());
    if (nextIndex < from.nrEntries()) {
      long found = from.loadAcquire(nextIndex);
      if (!Pte.isTable(found, from.level())) {
        stand(shape, from, nextIndex, next, found);
        return;
      }
    }
    climb(shape, from, next);
  }

  /** Stands on the next entry of the same table; a group begins where the last place ended. */
  private void stand(Geometry shape, PageTable from, int at, long address, long found) {
    index = at;
    start = address;
    entry = found;
    shift = shape.leafShift(from.level(), found);
  }

  private void climb(Geometry shape, PageTable from, long next) {
    int level = from.level();
    while (level < Geometry.PGD && isOutside(shape, level, next)) {
      level = above(shape, level);
    }
    PageTable common = path[level];
    descend(shape, common == null ? from : common, next);
  }

  /** Whether an address lies outside the table of this level that the cursor is in. */
  private boolean isOutside(Geometry shape, int level, long address) {
    return (address ^ start) >>> shape.shift(above(shape, level)) != 0;
  }

  private static int above(Geometry shape, int level) {
    int above = level + 1;
    while (shape.isFolded(above)) {
      above++;
    }
    return above;
  }

  private void descend(Geometry shape, PageTable from, long address) {
    PageTable lower = from;
    PageTable current;
    long found;
    do {
      current = lower;
      path[current.level()] = current;
      int at = current.index(address);
      found = current.loadAcquire(at);
      lower = Pte.isTable(found, current.level()) ? current.child(at) : null;
    } while (lower != null);
    table = current;
    settle(shape, current, address, Pte.isTable(found, current.level()) ? 0 : found);
  }

  private void settle(Geometry shape, PageTable current, long address, long found) {
    shift = shape.leafShift(current.level(), found);
    start = address & -1L << shift;
    index = current.index(start);
    entry = Pte.isContiguous(found) ? current.loadAcquire(index) : found;
  }

  private PageTable at() {
    if (table == null) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return table;
  }

  private Geometry shape() {
    if (geometry == null) {
      throw new IllegalStateException("the cursor stands nowhere");
    }
    return geometry;
  }

  /** Forgets the tables, so that the cursor keeps none alive. */
  public void release() {
    table = null;
    geometry = null;
    Arrays.fill(path, null);
  }

  /** The first address of this place: of the leaf, the group, or the empty block. */
  public long start() {
    return start;
  }

  /** One past its last address. */
  public long end() {
    return start + (1L << shift);
  }

  /** log2 of its size in bytes. */
  public int shift() {
    return shift;
  }

  /** log2 of its size in 4 KiB frames. */
  public int order() {
    return shift - 12;
  }

  /** The level of its table; only for messages and for those who must name it. */
  public int level() {
    return at().level();
  }

  /** The table on the way to this place at a level, or null if the way leads through none. */
  public @Nullable PageTable upper(int level) {
    return level >= level() ? path[level] : null;
  }

  /** The table that holds the entry. */
  public PageTable table() {
    return at();
  }

  /** Where the entry is in its table. */
  public int index() {
    return index;
  }

  /** The entry as it was seen; of a group the first. */
  public long entry() {
    return entry;
  }

  /** Whether the entry is still what was seen. */
  public boolean isUnchanged() {
    return at().loadAcquire(index) == entry;
  }

  /** Whether nothing is there. */
  public boolean isNone() {
    return entry == 0;
  }

  /** Whether memory is mapped there. */
  public boolean isPresent() {
    return Pte.isPresent(entry);
  }

  /** Whether user space may use it for this access. */
  public boolean permits(boolean write) {
    return Pte.permits(entry, write);
  }

  /** Whether it may be written; of a swap-like entry, whether it might be once it is back. */
  public boolean isWritable() {
    return isSwap() ? SwapEntry.kind(entry).isWritable() : Pte.isWritable(entry);
  }

  /** Whether it was written. */
  public boolean isDirty() {
    return isPresent() && Pte.isDirty(entry);
  }

  /** Whether it was used. */
  public boolean isYoung() {
    return isPresent() && Pte.isAccessed(entry);
  }

  /** Whether its frames must not be treated as struct pages. */
  public boolean isSpecial() {
    return isPresent() && Pte.isSpecial(entry);
  }

  /** Whether it carries the devmap bit of kernels up to 6.14. */
  public boolean isDevmap() {
    return isPresent() && Pte.isDevmap(entry);
  }

  /** Whether it is a contiguous group, which hugetlb alone makes. */
  public boolean isContiguous() {
    return Pte.isContiguous(entry);
  }

  /** Whether it is swap-like: neither present nor none. */
  public boolean isSwap() {
    return SwapEntry.isSwap(entry);
  }

  /** Whether its page is being moved. */
  public boolean isMigration() {
    return SwapEntry.isMigration(entry);
  }

  /** Whether its page is device-private memory. */
  public boolean isDevicePrivate() {
    return SwapEntry.isDevicePrivate(entry);
  }

  /** Whether a device uses its page alone. */
  public boolean isDeviceExclusive() {
    return isSwap() && SwapEntry.kind(entry).isDeviceExclusive();
  }

  /** The first page frame of this place, of a leaf or a swap-like entry. */
  public long pfn() {
    return isSwap() ? SwapEntry.pfn(entry) : Pte.pfn(entry);
  }

  /** The page frame behind an address of this place. */
  public long pfnOf(long address) {
    return pfn() + (address - start >>> 12);
  }
}
