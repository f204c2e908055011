package dev.pgmap.core.pgtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One page table: an array of entries, and above the PTE level the tables that they point to.
 *
 * <p>Assumption: only {@link PageTables}, under its lock, makes entries come and go; anyone may set
 * the accessed and dirty bits of a leaf with {@link #cas}. Guarantee: a table is complete before
 * the entry that points to it appears, and {@link #child} of an entry just read is that table, a
 * later one, or null if it was unlinked meanwhile; a walker treats null as an empty entry. Access
 * allocates nothing.
 */
public final class PageTable {
  private static final VarHandle ENTRIES = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle CHILDREN = MethodHandles.arrayElementVarHandle(PageTable[].class);

  private final int level;
  private final int shift;
  private final int indexMask;
  private final long[] entries;
  private final @Nullable PageTable @Nullable [] children;

  PageTable(Geometry geometry, int level) {
    int nrEntries = geometry.entries(level);
    this.level = level;
    this.shift = geometry.shift(level);
    this.indexMask = nrEntries - 1;
    this.entries = new long[nrEntries];
    this.children = level == Geometry.PTE ? null : new PageTable[nrEntries];
  }

  /** The level of this table's entries, a constant of {@link Geometry}. */
  public int level() {
    return level;
  }

  /** log2 of the bytes that one entry covers. */
  public int shift() {
    return shift;
  }

  /** How many entries the table has. */
  public int nrEntries() {
    return entries.length;
  }

  /** The index of the entry that covers an address. */
  public int index(long address) {
    return (int) (address >>> shift) & indexMask;
  }

  /** First address of the block that one entry covers and that this address lies in. */
  public long blockStart(long address) {
    return address & -1L << shift;
  }

  /**
   * The entries, for a walk without locks over many of them: it reads with {@link
   * #loadAcquire(long[], int)} and never writes.
   */
  public long[] entries() {
    return entries;
  }

  /** Reads an entry of an array that {@link #entries} gave. */
  public static long loadAcquire(long[] entries, int index) {
    return (long) ENTRIES.getAcquire(entries, index);
  }

  /** Reads an entry; what was written before it appeared is visible. */
  public long loadAcquire(int index) {
    return (long) ENTRIES.getAcquire(entries, index);
  }

  /** Writes an entry; what was written before is visible to who reads it. */
  void storeRelease(int index, long entry) {
    ENTRIES.setRelease(entries, index, entry);
  }

  /** Replaces an entry if it is still {@code expected}; a full barrier. */
  public boolean cas(int index, long expected, long entry) {
    return ENTRIES.compareAndSet(entries, index, expected, entry);
  }

  /** Empties an entry and returns what it was ({@code ptep_get_and_clear}); a full barrier. */
  long getAndClear(int index) {
    return (long) ENTRIES.getAndSet(entries, index, 0L);
  }

  /** The table that an entry points to, or null if it does not point to one (any more). */
  public @Nullable PageTable child(int index) {
    PageTable[] tables = children;
    return tables == null ? null : (PageTable) CHILDREN.getAcquire(tables, index);
  }

  /** Links a table below an empty entry, under the page-table lock. */
  void link(int index, PageTable child, long entry) {
    CHILDREN.setRelease(children, index, child);
    storeRelease(index, entry);
  }

  /** Links a table in the place of an entry that is still {@code expected}. */
  boolean linkOver(int index, PageTable child, long expected, long entry) {
    CHILDREN.setRelease(children, index, child);
    if (cas(index, expected, entry)) {
      return true;
    }
    CHILDREN.setRelease(children, index, null);
    return false;
  }

  /** Takes the table below an entry out of the tree, under the page-table lock. */
  void unlink(int index) {
    storeRelease(index, 0);
    CHILDREN.setRelease(children, index, null);
  }

  /** Whether no entry is in use; exact under the page-table lock. */
  boolean isEmpty() {
    for (int i = 0; i < entries.length; i++) {
      if (loadAcquire(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
