package dev.pgmap.core.mm;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;

/** Entries of pages that a device uses alone: made for the device, taken back for a CPU. */
public final class ExclusiveEntry {
  private ExclusiveEntry() {}

  /**
   * Replaces the entry of a page by one that keeps CPUs out ({@code make_device_exclusive}, its
   * last step). The caller holds the page-table lock, a reference and the lock of the page, and has
   * told the mirrors.
   *
   * @param seen the present entry
   * @return false if it changed meanwhile
   */
  public static boolean set(Vma vma, long address, long seen) {
    MmContext context = vma.mm().context();
    long entry = SwapEntry.of(SwapEntry.Kind.DEVICE_EXCLUSIVE, Pte.pfn(seen));
    if (!vma.mm().tables().exchange(address, Geometry.PTE, seen, entry)) {
      return false;
    }
    if (!context.swap().exclusive().keepsMapcount()) {
      Rmap.remove(context.pages(), Pte.pfn(seen), 0);
    }
    return true;
  }

  /**
   * A CPU wants the page back: its entry is made what it was, after the mirrors were told ({@code
   * remove_device_exclusive_entry}). The caller holds the mmap lock.
   */
  @KernelFunction("remove_device_exclusive_entry")
  static void restore(Vma vma, long address, long entry) {
    MmContext context = vma.mm().context();
    StructPages pages = context.pages();
    long head = pages.headPfn(SwapEntry.pfn(entry));
    boolean holds = context.swap().exclusive().faultTakesReference();
    if (holds && !context.refs().modUnless(head, pages.record(head), 1)) {
      return;
    }
    context.locks().lock(head);
    vma.mm()
        .notifiers()
        .around(
            new MmuNotifiers.Range(address, address + 4096, MmuNotifiers.Event.CLEAR, null),
            () -> restoreLocked(vma, address, entry));
    context.locks().unlock(head);
    if (holds) {
      context.put().put(head, 1);
    }
  }

  private static void restoreLocked(Vma vma, long address, long entry) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (tables.entryAt(address, Geometry.PTE) == entry) {
        replace(vma, address, entry);
      }
    } finally {
      tables.unlock();
    }
  }

  /** {@code restore_exclusive_pte}, under the page-table lock. */
  private static void replace(Vma vma, long address, long entry) {
    MmContext context = vma.mm().context();
    long pfn = SwapEntry.pfn(entry);
    boolean writable = SwapEntry.kind(entry).isWritable() && vma.isWritable();
    boolean own =
        !context.ordinary().policies().cow().marksExclusive()
            || Rmap.isExclusive(context.pages(), pfn);
    long leaf = Pte.of(pfn, Fault.LEAF_BITS | Pte.DIRTY | (writable && own ? Pte.RW : 0));
    if (!context.swap().exclusive().keepsMapcount()) {
      Rmap.add(context.pages(), pfn, 0);
    }
    vma.mm().tables().exchange(address, Geometry.PTE, entry, leaf);
  }

  /**
   * Takes the page back without waiting ({@code try_restore_exclusive_pte}), under the page-table
   * lock.
   *
   * @return false if somebody has the page locked (-EBUSY)
   */
  static boolean tryRestore(Vma vma, long address, long entry) {
    MmContext context = vma.mm().context();
    long head = context.pages().headPfn(SwapEntry.pfn(entry));
    if (!context.locks().tryLock(head)) {
      return false;
    }
    replace(vma, address, entry);
    context.locks().unlock(head);
    return true;
  }
}
