package dev.pgmap.core.mm;

import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code change_protection}: makes the entries of an area allow no more than the area does. The
 * right to write is only ever taken: a write fault gives it back where the page may be written.
 *
 * <p>An entry without any access stays a leaf, without the bit that lets user space use it.
 */
final class ChangeProtection {
  private ChangeProtection() {}

  /** Changes all entries of an area; on return no access by an older entry is under way. */
  static void run(Vma vma) {
    MmuNotifiers.Event event = MmuNotifiers.Event.PROTECTION_VMA;
    vma.mm()
        .notifiers()
        .around(new MmuNotifiers.Range(vma.start(), vma.end(), event, null), () -> changeAll(vma));
  }

  private static void changeAll(Vma vma) {
    LeafList leaves = LeafList.of(vma);
    PageTables tables = vma.mm().tables();
    for (int i = 0; i < leaves.size(); i++) {
      tables.lock();
      try {
        change(vma, tables, leaves.address(i), leaves.level(i));
      } finally {
        tables.unlock();
      }
    }
    if (leaves.size() > 0) {
      vma.mm().context().sync().rcu().synchronize();
    }
  }

  private static void change(Vma vma, PageTables tables, long address, int level) {
    long seen;
    long wanted;
    do {
      seen = tables.entryAt(address, level);
      wanted = SwapLike.is(seen) ? SwapLike.protect(seen) : allowed(vma, seen);
    } while (wanted != seen && !exchange(tables, address, level, seen, wanted));
  }

  private static boolean exchange(
      PageTables tables, long address, int level, long seen, long wanted) {
    return SwapLike.is(seen)
        ? tables.exchange(address, level, seen, wanted)
        : tables.replaceLeaf(address, level, seen, wanted);
  }

  private static long allowed(Vma vma, long entry) {
    if (!Pte.isPresent(entry)) {
      return entry;
    }
    long access = vma.isReadable() || vma.isWritable() ? Pte.USER : 0;
    long write = vma.isWritable() ? entry & Pte.RW : 0;
    return entry & ~(Pte.USER | Pte.RW) | access | write;
  }
}
