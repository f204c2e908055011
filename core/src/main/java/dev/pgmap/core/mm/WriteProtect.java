package dev.pgmap.core.mm;

import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes the entries of a part of an area clean and read-only ({@code clean_record_pte}). */
final class WriteProtect {
  private static final long WRITTEN = Pte.RW | Pte.DIRTY;

  private WriteProtect() {}

  static void run(Vma vma, long start, long end) {
    PageTables tables = vma.mm().tables();
    AtomicBoolean needsFlush = new AtomicBoolean();
    tables.forEachLeaf(
        start,
        end,
        (address, level, entry) -> {
          if ((entry & WRITTEN) != 0) {
            protect(tables.lowestTable(address), address);
            needsFlush.set(true);
          }
        });
    if (needsFlush.get()) {
      vma.mm().context().sync().rcu().synchronize();
    }
  }

  /** The processor may set bits of the entry at the same time. */
  private static void protect(PageTable table, long address) {
    int index = table.index(address);
    long entry;
    do {
      entry = table.loadAcquire(index);
    } while (!table.cas(index, entry, entry & ~WRITTEN));
  }
}
