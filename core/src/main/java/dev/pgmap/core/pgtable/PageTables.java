package dev.pgmap.core.pgtable;

import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.AllocFaults;
import dev.pgmap.core.sync.SpinLock;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The page tables of one address space, and their lock.
 *
 * <p>Threading: {@link #root}, {@link #lowestTable} and {@link #find} need no lock; inside a read
 * section of RCU what they return stays meaningful until the section ends. {@link #insertLeaf},
 * {@link #replaceLeaf} and {@link #entryAt} want the page-table lock held by the caller, who
 * changes the map counts of the pages in the same section. The rest takes the lock itself. Who
 * cleared leaves calls {@code rcu.synchronize()} before the pages behind them may be used for
 * anything else: that is the TLB flush, and what makes the walk without locks safe. Tables that
 * were unlinked need no such care: a walker that still sees one finds it empty, and the collector
 * keeps it.
 */
public final class PageTables {
  private static final long TABLE_ENTRY_BYTES = 8;

  private final Geometry geometry;
  private final TableWalker walker;
  private final AllocFaults faults;
  private final PageTable root;
  private final SpinLock lock = new SpinLock();
  private long nrTables = 1;
  private long nrTablesEver = 1;
  private long tableBytes;

  /** Empty tables of this shape, gone over level by level, which can always grow. */
  public PageTables(Geometry geometry) {
    this(geometry, TableWalker.PER_LEVEL, new AllocFaults());
  }

  /**
   * Empty tables of this shape.
   *
   * @param walker who goes over them
   * @param faults may make the allocation of a table fail, but that of the first
   */
  public PageTables(Geometry geometry, TableWalker walker, AllocFaults faults) {
    this.geometry = geometry;
    this.walker = walker;
    this.faults = faults;
    this.root = new PageTable(geometry, Geometry.PGD);
    this.tableBytes = bytesOf(Geometry.PGD);
  }

  /** The shape of the tables. */
  public Geometry geometry() {
    return geometry;
  }

  /** Who goes over them. */
  public TableWalker walker() {
    return walker;
  }

  /** The top-level table. */
  public PageTable root() {
    return root;
  }

  /** Takes the page-table lock, after the mmap lock. */
  public void lock() {
    lock.lock();
  }

  /** Gives the page-table lock back. */
  public void unlock() {
    lock.unlock();
  }

  /**
   * Descends as far as there are tables: the entry for the address in the table returned is a leaf
   * or empty, or was so a moment ago. Allocates nothing.
   */
  public PageTable lowestTable(long address) {
    PageTable table = root;
    while (true) {
      int index = table.index(address);
      if (!Pte.isTable(table.loadAcquire(index), table.level())) {
        return table;
      }
      PageTable child = table.child(index);
      if (child == null) {
        return table;
      }
      table = child;
    }
  }

  /** The leaf that maps an address, or null; null for any address outside user space. */
  public @Nullable Leaf find(long address) {
    if (address < 0 || address >= geometry.userEnd()) {
      return null;
    }
    PageTable table = lowestTable(address);
    long entry = table.loadAcquire(table.index(address));
    return Pte.isLeaf(entry, table.level()) ? leafAt(table, address, entry) : null;
  }

  /** The leaf that an entry belongs to: itself, or the contiguous group around it. */
  private Leaf leafAt(PageTable table, long address, long entry) {
    int level = table.level();
    long bytes = 1L << geometry.leafShift(level, entry);
    long start = address & -bytes;
    long nrFrames = (table.blockStart(address) - start) >>> 12;
    return new Leaf(start, level, bytes, entry - (nrFrames << 12));
  }

  /**
   * The entry of one level for an address; 0 if the tables do not reach down to it. Where a larger
   * leaf maps the address, or a larger swap-like entry covers it, that is the answer. The caller
   * holds the lock.
   */
  public long entryAt(long address, int level) {
    PageTable table = root;
    while (true) {
      int index = table.index(address);
      long entry = table.loadAcquire(index);
      if (table.level() == level || !Pte.isTable(entry, table.level())) {
        return entry;
      }
      table = TableTree.childOf(table, index);
    }
  }

  /**
   * Maps a block, making the tables above it. The caller holds the lock.
   *
   * @param entry the leaf, complete, with {@link Pte#PSE} above the PTE level; with {@link
   *     Pte#CONT} it fills a contiguous group
   * @return 0 if it was put in place; else the leaf or swap-like entry that is there, and nothing
   *     changed
   * @throws MmException EINVAL for an address or pfn that is not a multiple of the block, an
   *     address outside user space, a level without leaves, or an entry that is no leaf; EEXIST
   *     where a table or a larger leaf stands; nothing changed then
   */
  public long insertLeaf(long address, int level, long entry) {
    LeafChecks.check(geometry, address, level, entry);
    PageTable table = TableTree.lowestAtOrAbove(root, address, level);
    long found = table.loadAcquire(table.index(address));
    if (table.level() == level && (Pte.isLeaf(found, level) || SwapEntry.isSwap(found))) {
      return found;
    }
    if (found != 0) {
      throw LeafChecks.inTheWay(address, level, table.level(), found);
    }
    while (table.level() > level) {
      table = addTable(table, address);
    }
    int nrEntries = nrEntries(level, entry);
    requireEmpty(table, address, nrEntries);
    for (int i = 0; i < nrEntries; i++) {
      table.storeRelease(table.index(address) + i, Pte.advance(entry, i, geometry.order(level)));
    }
    return 0;
  }

  private int nrEntries(int level, long entry) {
    return Pte.isContiguous(entry) ? geometry.contiguous(level) : 1;
  }

  private static void requireEmpty(PageTable table, long address, int nrEntries) {
    for (int i = 0; i < nrEntries; i++) {
      long found = table.loadAcquire(table.index(address) + i);
      if (found != 0) {
        long at = address + ((long) i << table.shift());
        throw LeafChecks.inTheWay(at, table.level(), table.level(), found);
      }
    }
  }

  /**
   * Makes the tables that an entry needs, so that putting one in place cannot run out of memory
   * ({@code pte_alloc}). The caller holds the lock.
   *
   * @return false if a leaf or a swap-like entry is in the way
   * @throws MmException ENOMEM; tables made until then stay
   */
  public boolean makeTables(long address, int level) {
    PageTable table = TableTree.lowestAtOrAbove(root, address, level);
    if (table.level() > level && table.loadAcquire(table.index(address)) != 0) {
      return false;
    }
    while (table.level() > level) {
      table = addTable(table, address);
    }
    return true;
  }

  private PageTable addTable(PageTable parent, long address) {
    faults.check(AllocFaults.Site.PAGETABLE);
    int level = geometry.below(parent.level());
    PageTable child = new PageTable(geometry, level);
    parent.link(parent.index(address), child, Pte.ofTable(nrTablesEver++));
    nrTables++;
    tableBytes += bytesOf(level);
    return child;
  }

  /**
   * Puts a swap-like entry ({@link SwapEntry}) where there is none, making the tables above it. The
   * caller holds the lock.
   *
   * @return 0 if it was put in place; else what is there, and nothing changed
   * @throws MmException EINVAL for an address that is not a multiple of the block, an entry that is
   *     not swap-like, or a level above PMD
   */
  public long insertSwap(long address, int level, long entry) {
    LeafChecks.checkSwap(geometry, address, level, entry);
    PageTable table = TableTree.lowestAtOrAbove(root, address, level);
    long found = table.loadAcquire(table.index(address));
    if (found != 0) {
      return found;
    }
    while (table.level() > level) {
      table = addTable(table, address);
    }
    table.storeRelease(table.index(address), entry);
    return 0;
  }

  /**
   * Replaces an entry of one level by another of any kind that maps or by none: a leaf by a
   * swap-like entry and back. The caller holds the lock, flushes, and keeps the counts.
   *
   * @param entry a leaf, a swap-like entry, or 0
   * @return false if the entry is no longer {@code expected}, as when hardware set a bit
   * @throws MmException EINVAL for an entry of a contiguous group, which changes as a whole
   */
  public boolean exchange(long address, int level, long expected, long entry) {
    LeafChecks.notOfGroup(address, level, expected);
    LeafChecks.notOfGroup(address, level, entry);
    if (SwapEntry.isSwap(entry)) {
      LeafChecks.checkSwap(geometry, address, level, entry);
    } else if (entry != 0) {
      LeafChecks.check(geometry, address, level, entry);
    }
    PageTable table = lowestTable(address);
    return table.level() == level && table.cas(table.index(address), expected, entry);
  }

  /**
   * Puts a table in the place of a leaf or a swap-like entry, whose entries map the same in smaller
   * parts. The caller holds the lock, and keeps the counts. Cannot run out of memory: a kernel has
   * put the page for the table aside when it made the huge entry.
   *
   * @param parts what stands in the new table, by index
   * @return false if the entry is no longer {@code expected}, as when hardware set a bit
   */
  public boolean splitLeaf(long address, int level, long expected, IntToLongFunction parts) {
    PageTable table = lowestTable(address);
    int below = geometry.below(level);
    PageTable child = new PageTable(geometry, below);
    for (int i = 0; i < child.nrEntries(); i++) {
      child.storeRelease(i, parts.applyAsLong(i));
    }
    int index = table.index(address);
    if (table.level() != level
        || !table.linkOver(index, child, expected, Pte.ofTable(nrTablesEver))) {
      return false;
    }
    nrTablesEver++;
    nrTables++;
    tableBytes += bytesOf(below);
    return true;
  }

  /**
   * Changes bits of a leaf. The caller holds the lock. In a contiguous group the bits change in all
   * entries, the first one last.
   *
   * @return false if the entry is no longer {@code expected}, as when hardware set a bit
   */
  public boolean replaceLeaf(long address, int level, long expected, long entry) {
    LeafChecks.check(geometry, address, level, entry);
    PageTable table = lowestTable(address);
    if (table.level() != level) {
      return false;
    }
    int index = table.index(address);
    for (int i = nrEntries(level, entry) - 1; i > 0; i--) {
      table.storeRelease(index + i, Pte.advance(entry, i, geometry.order(level)));
    }
    return table.cas(index, expected, entry);
  }

  /**
   * Clears the leaves of a range in address order; leaves the tables in place.
   *
   * @param cleared told each leaf, under the lock
   * @throws MmException EINVAL if a leaf lies across an end of the range; nothing was cleared then
   */
  public void clearRange(long start, long end, LeafVisitor cleared) {
    if (start < end) {
      checkEnds(start, end);
    }
    for (long at = start; at < end; ) {
      at = clearSome(at, end, cleared);
    }
  }

  /**
   * Clears the leaves of the first table that has any, from {@code start} on: at most as many as
   * one table has entries, so that the lock is not held for long.
   *
   * @return where to go on; {@code end} or more when the range is done
   * @throws MmException EINVAL if a leaf that lies across an end of the range is met
   */
  public long clearSome(long start, long end, LeafVisitor cleared) {
    lock.lock();
    try {
      return walker.clearSome(this, start, end, cleared);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that no leaf lies across an end of the range.
   *
   * @throws MmException EINVAL that names the leaf
   */
  public void checkEnds(long start, long end) {
    lock.lock();
    try {
      LeafChecks.notAcross(find(start), start);
      LeafChecks.notAcross(find(end), end);
    } finally {
      lock.unlock();
    }
  }

  /** Shows the leaves that touch a range, in address order, under the lock. */
  public void forEachLeaf(long start, long end, LeafVisitor visitor) {
    lock.lock();
    try {
      walker.forEachLeaf(this, start, end, visitor);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes tables without entries out of the tree, where they touch the range. Nobody may be mapping
   * anything there; walkers may be walking.
   *
   * @return how many were freed
   */
  public long freeEmptyTables(long start, long end) {
    lock.lock();
    try {
      return start < end ? freeBelow(root, start, end) : 0;
    } finally {
      lock.unlock();
    }
  }

  private long freeBelow(PageTable table, long start, long end) {
    long freed = 0;
    long step = 1L << table.shift();
    for (long at = table.blockStart(start); at < end; at += step) {
      int index = table.index(at);
      PageTable child = table.child(index);
      if (child != null) {
        freed += freeBelow(child, Math.max(at, start), Math.min(at + step, end));
        if (child.isEmpty()) {
          table.unlink(index);
          nrTables--;
          tableBytes -= bytesOf(child.level());
          freed++;
        }
      }
    }
    return freed;
  }

  private long bytesOf(int level) {
    return geometry.entries(level) * TABLE_ENTRY_BYTES;
  }

  /** How many tables there are, with the root. */
  public long nrTables() {
    lock.lock();
    try {
      return nrTables;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of all tables as hardware would need them ({@code mm_pgtables_bytes} and the root). */
  public long tableBytes() {
    lock.lock();
    try {
      return tableBytes;
    } finally {
      lock.unlock();
    }
  }
}
