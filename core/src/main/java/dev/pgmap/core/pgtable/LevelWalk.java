package dev.pgmap.core.pgtable;

import org.jspecify.annotations.Nullable;

/**
 * The walk level by level: {@code walk_pgd_range} and what it descends into.
 *
 * <p>Semantics, as in a kernel. A none entry above the PTE level is a hole. Any other entry goes to
 * the method of its level, if there is one; then the walk descends if a lower level has a method. A
 * huge leaf in the way of a lower method is split first if there is somebody who can, else skipped.
 * {@link Action#AGAIN} looks at the entry anew, {@link Action#CONTINUE} leaves out what is below.
 *
 * <p>Threading: one walk belongs to one thread, which holds the mmap lock or the page-table lock.
 * With the mmap lock alone the walk takes the page-table lock for each PTE table.
 */
public final class LevelWalk {
  /** How the walk goes on after a method of a level above PTE. */
  public enum Action {
    /** To the entries below. */
    SUBTREE,
    /** To the next entry. */
    CONTINUE,
    /** To the same entry once more. */
    AGAIN
  }

  /** Makes base pages of a huge leaf; called without the page-table lock. */
  @FunctionalInterface
  public interface Splitter {
    /** Splits the leaf that maps an address, or clears it. */
    void split(long address, int level);
  }

  private static final int DEPTH_OF_PGD = Geometry.PGD;

  private final PageTables tables;
  private final Geometry geometry;
  private final LevelOps ops;
  private final boolean locked;
  private final @Nullable Splitter splitter;
  private PageTable table;
  private int index;
  private Action action = Action.SUBTREE;

  private LevelWalk(PageTables tables, LevelOps ops, boolean locked, @Nullable Splitter splitter) {
    this.tables = tables;
    this.geometry = tables.geometry();
    this.ops = ops;
    this.locked = locked;
    this.splitter = splitter;
    this.table = tables.root();
  }

  /**
   * Walks a range whose page-table lock the caller holds; huge leaves are never split.
   *
   * @return 0, or what a method ended the walk with
   */
  public static int locked(PageTables tables, long start, long end, LevelOps ops) {
    return new LevelWalk(tables, ops, true, null).pgdRange(start, end);
  }

  /**
   * Walks a range of an area whose mmap lock the caller holds.
   *
   * @param splitter what splits huge leaves in the way of a lower method; null to skip them
   * @return 0, or what a method ended the walk with
   */
  public static int walk(
      PageTables tables, long start, long end, LevelOps ops, @Nullable Splitter splitter) {
    return new LevelWalk(tables, ops, false, splitter).pgdRange(start, end);
  }

  /** The tables walked over. */
  public PageTables tables() {
    return tables;
  }

  /** The table that the entry at hand is in. */
  public PageTable table() {
    return table;
  }

  /** The index of the entry at hand in {@link #table}. */
  public int index() {
    return index;
  }

  /** The entry at hand, read now. */
  public long entry() {
    return table.loadAcquire(index);
  }

  /** Says how to go on; SUBTREE unless it is called. */
  public void setAction(Action next) {
    action = next;
  }

  private boolean has(int level) {
    return (ops.levels() & 1 << level) != 0;
  }

  /** Whether any level below this one has a method. */
  private boolean hasBelow(int level) {
    return (ops.levels() & (1 << level) - 1) != 0;
  }

  private int pgdRange(long start, long end) {
    PageTable pgd = tables.root();
    int result = 0;
    long next;
    for (long at = start; at < end && result == 0; at = next) {
      next = blockEnd(pgd, at, end);
      position(pgd, at);
      if (entry() == 0) {
        result = ops.pteHole(at, next, 0);
        continue;
      }
      if (has(Geometry.PGD)) {
        result = ops.pgdEntry(this, at, next);
      }
      if (result == 0 && hasBelow(Geometry.PGD)) {
        result = p4dRange(below(pgd, at), at, next);
      }
    }
    return result;
  }

  private int p4dRange(@Nullable PageTable p4d, long start, long end) {
    if (p4d == null || p4d.level() < Geometry.P4D) {
      return pudRange(p4d, start, end);
    }
    int result = 0;
    long next;
    for (long at = start; at < end && result == 0; at = next) {
      next = blockEnd(p4d, at, end);
      position(p4d, at);
      if (entry() == 0) {
        result = hole(Geometry.P4D, at, next);
        continue;
      }
      if (has(Geometry.P4D)) {
        result = ops.p4dEntry(this, at, next);
      }
      if (result == 0 && hasBelow(Geometry.P4D)) {
        result = pudRange(below(p4d, at), at, next);
      }
    }
    return result;
  }

  private int pudRange(@Nullable PageTable pud, long start, long end) {
    if (pud == null || pud.level() < Geometry.PUD) {
      return pmdRange(pud, start, end);
    }
    int result = 0;
    long next;
    for (long at = start; at < end && result == 0; at = next) {
      next = blockEnd(pud, at, end);
      do {
        position(pud, at);
        if (entry() == 0) {
          result = hole(Geometry.PUD, at, next);
          break;
        }
        result = has(Geometry.PUD) ? ops.pudEntry(this, at, next) : 0;
      } while (result == 0 && !settled(pud, at, Geometry.PUD));
      if (result == 0 && descends(pud, at, Geometry.PUD)) {
        result = pmdRange(below(pud, at), at, next);
      }
    }
    return result;
  }

  private int pmdRange(@Nullable PageTable pmd, long start, long end) {
    if (pmd == null) {
      return hole(Geometry.PMD, start, end);
    }
    int result = 0;
    long next;
    for (long at = start; at < end && result == 0; at = next) {
      next = blockEnd(pmd, at, end);
      do {
        position(pmd, at);
        if (entry() == 0) {
          result = hole(Geometry.PMD, at, next);
          break;
        }
        result = has(Geometry.PMD) ? ops.pmdEntry(this, at, next) : 0;
      } while (result == 0 && !settled(pmd, at, Geometry.PMD));
      if (result == 0 && descends(pmd, at, Geometry.PMD)) {
        result = pteRange(below(pmd, at), at, next);
      }
    }
    return result;
  }

  private int pteRange(@Nullable PageTable pte, long start, long end) {
    if (pte == null) {
      return hole(Geometry.PMD, start, end);
    }
    if (!locked) {
      tables.lock();
    }
    try {
      int result = 0;
      long next;
      for (long at = start; at < end && result == 0; at = next) {
        next = blockEnd(pte, at, end);
        position(pte, at);
        result = ops.pteEntry(this, at, next);
      }
      return result;
    } finally {
      if (!locked) {
        tables.unlock();
      }
    }
  }

  /** A hole; in a folded level it is one of the level above ({@code real_depth}). */
  private int hole(int level, long start, long end) {
    int real = level;
    while (real < Geometry.PGD && geometry.isFolded(real)) {
      real++;
    }
    return ops.pteHole(start, end, DEPTH_OF_PGD - real);
  }

  private void position(PageTable at, long address) {
    table = at;
    index = at.index(address);
    action = Action.SUBTREE;
  }

  /** Acts on what the method said: false to look at the entry once more. */
  private boolean settled(PageTable at, long address, int level) {
    if (action == Action.AGAIN) {
      return false;
    }
    long entry = at.loadAcquire(at.index(address));
    boolean inTheWay = entry != 0 && !Pte.isTable(entry, level);
    if (action == Action.CONTINUE || !hasBelow(level) || !inTheWay || splitter == null) {
      return true;
    }
    splitter.split(address, level);
    return at.loadAcquire(at.index(address)) == entry;
  }

  /** Whether the walk goes below an entry: it points to a table, and somebody wants that. */
  private boolean descends(PageTable at, long address, int level) {
    long entry = at.loadAcquire(at.index(address));
    return action == Action.SUBTREE && hasBelow(level) && Pte.isTable(entry, level);
  }

  private static @Nullable PageTable below(PageTable at, long address) {
    return at.child(at.index(address));
  }

  private static long blockEnd(PageTable at, long address, long end) {
    return Math.min(end, at.blockStart(address) + (1L << at.shift()));
  }
}
