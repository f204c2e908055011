package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;

/**
 * {@code move_page_tables}: takes the entries of a range to another place of the same mm. The pages
 * keep their references, counts and offsets.
 *
 * <p>A huge entry moves whole if its block lies in the range and the new place is aligned for it;
 * else it is split first, which for device memory means that it goes and is faulted in again.
 */
final class MoveEntries {
  private final Vma vma;
  private final long from;
  private final long to;
  private final Vma target;
  private final PageTables tables;

  MoveEntries(Vma vma, long from, long to, Vma target) {
    this.vma = vma;
    this.from = from;
    this.to = to;
    this.target = target;
    this.tables = vma.mm().tables();
  }

  private long shifted(long address) {
    return address - from + target.start();
  }

  /**
   * Splits what cannot move whole, and makes all tables that the new place needs.
   *
   * @throws MmException ENOMEM; nothing has moved then
   */
  void prepare() {
    TlbGather.splitAcross(vma, from);
    TlbGather.splitAcross(vma, to);
    splitMisplaced();
    LeafList leaves = LeafList.of(vma, from, to);
    tables.lock();
    try {
      for (int i = 0; i < leaves.size(); i++) {
        tables.makeTables(shifted(leaves.address(i)), leaves.level(i));
      }
    } finally {
      tables.unlock();
    }
  }

  private void splitMisplaced() {
    LeafList leaves = LeafList.of(vma, from, to);
    for (int i = 0; i < leaves.size(); i++) {
      long bytes = tables.geometry().bytes(leaves.level(i));
      if (leaves.level(i) > Geometry.PTE && (shifted(leaves.address(i)) & (bytes - 1)) != 0) {
        TlbGather.splitOrZap(vma, leaves.address(i));
      }
    }
  }

  /**
   * Moves them. Walks of the reverse map are kept out, which could look at the new place too early
   * and at the old one too late; on return no access by an entry of the old place is under way.
   */
  void run() {
    vma.mm()
        .notifiers()
        .around(
            new MmuNotifiers.Range(from, to, MmuNotifiers.Event.UNMAP, null), this::withoutWalks);
  }

  private void withoutWalks() {
    AddressSpace file = vma.file();
    if (file == null) {
      withoutAnonWalks();
    } else {
      file.exclusively(this::withoutAnonWalks);
    }
  }

  private void withoutAnonWalks() {
    AnonVma anon = vma.anonVma();
    if (anon != null) {
      anon.lockWrite();
    }
    try {
      moveAll();
    } finally {
      if (anon != null) {
        anon.unlockWrite();
      }
    }
    vma.mm().context().sync().rcu().synchronize();
  }

  private void moveAll() {
    LeafList leaves = LeafList.of(vma, from, to);
    for (int i = 0; i < leaves.size(); i++) {
      tables.lock();
      try {
        move(leaves.address(i), leaves.level(i));
      } finally {
        tables.unlock();
      }
    }
  }

  private void move(long address, int level) {
    long entry;
    do {
      entry = tables.entryAt(address, level);
    } while (entry != 0 && !tables.exchange(address, level, entry, 0));
    if (SwapLike.is(entry)) {
      tables.insertSwap(shifted(address), level, entry);
    } else if (entry != 0) {
      tables.insertLeaf(shifted(address), level, entry);
    }
  }
}
