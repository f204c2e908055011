package dev.pgmap.core.migrate;

import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * {@code migrate_vma_insert_page}: maps a destination where nothing, or the zero page, was mapped.
 */
final class HoleFiller {
  private final MmContext context;
  private final MigrateRequest request;
  private final Vma vma;
  private final PageTables tables;
  private final MigrationEntries entries;
  private boolean notified;

  HoleFiller(MmContext context, MigrateRequest request, Vma vma) {
    this.context = context;
    this.request = request;
    this.vma = vma;
    this.tables = vma.mm().tables();
    this.entries = new MigrationEntries(context);
  }

  /** Maps a page; false if something else is mapped there by now, or the page cannot be. */
  @KernelFunction("migrate_vma_insert_page")
  boolean insert(int index, long pfn) {
    if (!vma.isAnonymous() || isOtherDeviceMemory(context.pages().headPfn(pfn))) {
      return false;
    }
    long address = request.start() + ((long) index << 12);
    notifyOnce(address);
    long head = context.pages().headPfn(pfn);
    tables.lock();
    try {
      long found = tables.entryAt(address, Geometry.PTE);
      if (!isHole(found)) {
        return false;
      }
      vma.addNewAnon(pfn, address);
      context.refs().mod(head, context.pages().record(head), 1);
      put(address, found, entries.mapped(vma, pfn, Geometry.PTE, vma.isWritable()));
    } finally {
      tables.unlock();
    }
    return true;
  }

  private boolean isOtherDeviceMemory(long head) {
    return DeviceFolio.isDevice(context, head)
        && !DeviceFolio.is(context, head, MemoryType.PRIVATE)
        && !DeviceFolio.is(context, head, MemoryType.COHERENT);
  }

  private boolean isHole(long entry) {
    return entry == 0 || Pte.isPresent(entry) && context.ordinary().isZeroPage(Pte.pfn(entry));
  }

  private void put(long address, long found, long entry) {
    long seen = found;
    if (seen == 0) {
      if (SwapEntry.isSwap(entry)) {
        tables.insertSwap(address, Geometry.PTE, entry);
      } else {
        tables.insertLeaf(address, Geometry.PTE, entry);
      }
      return;
    }
    while (!tables.exchange(address, Geometry.PTE, seen, entry)) {
      seen = tables.entryAt(address, Geometry.PTE);
    }
  }

  /** From the first hole to the end of the range, once. */
  private void notifyOnce(long address) {
    if (!notified) {
      notified = true;
      MmuNotifiers.Event event = MmuNotifiers.Event.MIGRATE;
      vma.mm()
          .notifiers()
          .begin(new MmuNotifiers.Range(address, request.end(), event, request.owner()));
    }
  }

  /** All holes are filled: flushes, and tells the mirrors. */
  void end() {
    if (notified) {
      notified = false;
      context.sync().rcu().synchronize();
      vma.mm().notifiers().finish();
    }
  }
}
