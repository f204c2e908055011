package dev.pgmap.core.mm;

import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * {@code do_swap_page}, of entries that name no swap space: a fault on a page that is being moved,
 * that a device has, or that is lost.
 *
 * <p>Runs with the mmap lock held as a reader. Of one fault; used by one thread.
 */
final class SwapFault {
  private final Vma vma;
  private final MmContext context;
  private final PageTables tables;
  private final long block;
  private final int level;
  private final long entry;
  private final long headPfn;
  private final long address;

  private SwapFault(Vma vma, long address, PageTable table, long entry) {
    this.vma = vma;
    this.context = vma.mm().context();
    this.tables = vma.mm().tables();
    this.block = table.blockStart(address);
    this.level = table.level();
    this.entry = entry;
    this.address = address & -4096L;
    this.headPfn = SwapEntry.pfn(entry);
  }

  /**
   * Handles a fault where a swap-like entry stands.
   *
   * @return {@link VmFault} codes; 0 to try again
   */
  @KernelFunction("do_swap_page")
  static int handle(Vma vma, long address) {
    PageTable table = vma.mm().tables().lowestTable(address);
    long entry = table.loadAcquire(table.index(address));
    return SwapEntry.isSwap(entry) ? new SwapFault(vma, address, table, entry).handle() : 0;
  }

  private int handle() {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    if (kind.isMigration()) {
      awaitUnlock();
      return 0;
    }
    if (kind.isDevicePrivate()) {
      return devicePrivate();
    }
    if (kind.isDeviceExclusive()) {
      ExclusiveEntry.restore(vma, block, entry);
      return 0;
    }
    return kind == SwapEntry.Kind.HWPOISON ? VmFault.HWPOISON : VmFault.SIGBUS;
  }

  /** {@code migration_entry_wait}: without a reference, so only while the entry names the page. */
  @KernelFunction("migration_entry_wait")
  private void awaitUnlock() {
    context.locks().await(folio(), this::isUnlocked);
  }

  private boolean isUnlocked() {
    tables.lock();
    try {
      return tables.entryAt(block, level) != entry || !context.locks().isLocked(headPfn);
    } finally {
      tables.unlock();
    }
  }

  private int devicePrivate() {
    SwapPolicies.ToRam rule = context.swap().toRam();
    if (!rule.takesReference()) {
      return migrateToRam();
    }
    if (!hold(rule)) {
      return 0;
    }
    try {
      return migrateToRam();
    } finally {
      if (rule.locks()) {
        context.locks().unlock(folio());
      }
      context.put().put(folio(), 1);
    }
  }

  /** Takes what this kernel holds the page by; false if the fault has to be tried again. */
  private boolean hold(SwapPolicies.ToRam rule) {
    tables.lock();
    try {
      if (tables.entryAt(block, level) != entry) {
        return false;
      }
      if (!rule.locks() || context.locks().tryLock(folio())) {
        context.refs().mod(folio(), context.pages().record(folio()), 1);
        return true;
      }
    } finally {
      tables.unlock();
    }
    if (rule.waits()) {
      awaitUnlock();
    }
    return false;
  }

  private long folio() {
    return context.pages().headPfn(headPfn);
  }

  private int migrateToRam() {
    StructPages pages = context.pages();
    DevPagemap pgmap = context.pagemaps().byIndex(pages.pgmapIndex(pages.record(folio())));
    if (pgmap == null) {
      return VmFault.SIGBUS;
    }
    long pfn = headPfn + ((address - block) >>> 12);
    int order = context.geometry().order(level);
    return pgmap.migrateToRam(new RamFault(vma, address, pfn, order));
  }
}
