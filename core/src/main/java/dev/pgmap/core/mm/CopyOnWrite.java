package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code do_wp_page} of a private area: a write, or a pin that wants the page for itself, met a
 * base-page entry that is write-protected. The page is kept if it belongs to this mapping alone;
 * else a copy takes its place.
 *
 * <p>Runs with the mmap lock held as a reader. Made for one fault.
 */
final class CopyOnWrite {
  private final Vma vma;
  private final long address;
  private final int level;
  private final long seen;
  private final boolean unshare;
  private final MmContext context;
  private final PageTables tables;

  /**
   * A fault.
   *
   * @param found the entry that was found; another one there by now ends the fault
   * @param unshare whether a pin asks for a page of its own, and nobody writes
   */
  CopyOnWrite(Vma vma, Leaf found, boolean unshare) {
    this.vma = vma;
    this.address = found.address();
    this.level = found.level();
    this.seen = found.entry();
    this.unshare = unshare;
    this.context = vma.mm().context();
    this.tables = vma.mm().tables();
  }

  @KernelFunction("do_wp_page")
  int run() {
    long oldPfn = Pte.pfn(seen);
    boolean counted = Pte.isCounted(seen);
    tables.lock();
    try {
      if (tables.entryAt(address, level) != seen) {
        return VmFault.NOPAGE;
      }
      if (counted && mayReuse(oldPfn)) {
        reuse();
        return VmFault.NOPAGE;
      }
      if (level > Geometry.PTE && !vma.has(VmFlag.HUGETLB)) {
        // The next fault meets the entry of the one page.
        HugeSplit.runLocked(vma, address);
        return VmFault.NOPAGE;
      }
      if (counted) {
        context.refs().mod(context.pages().headPfn(oldPfn), headRecord(oldPfn), 1);
      }
    } finally {
      tables.unlock();
    }
    int code = copy(oldPfn, counted);
    if (counted) {
      context.put().put(oldPfn, 1);
    }
    return code;
  }

  private long headRecord(long pfn) {
    return context.pages().record(context.pages().headPfn(pfn));
  }

  /** {@code wp_can_reuse_anon_folio} and what came before it. */
  private boolean mayReuse(long pfn) {
    StructPages pages = context.pages();
    if (!Rmap.isAnonymous(pages, pfn)) {
      return false;
    }
    long head = pages.headPfn(pfn);
    if (vma.has(VmFlag.HUGETLB) && Rmap.mapcount(pages, head) == 1) {
      // hugetlb_wp: the only mapping keeps the page, whoever else holds it.
      return true;
    }
    return switch (context.ordinary().policies().cow()) {
      case MAP_COUNT -> Rmap.mapcount(pages, head) == 1;
      case PAGE_COUNT -> context.refs().count(pages.record(head)) == 1;
      case ANON_EXCLUSIVE -> Rmap.isExclusive(pages, pfn) || makeExclusive(pages, pfn);
    };
  }

  /** A base page without any other reference becomes this mapping's own. */
  private boolean makeExclusive(StructPages pages, long pfn) {
    long rec = pages.record(pfn);
    boolean whole = pages.order(pages.headPfn(pfn)) == context.geometry().order(level);
    if (!whole || context.refs().count(rec) != 1) {
      return false;
    }
    pages.setFlag(rec, PageFlag.ANON_EXCLUSIVE);
    return true;
  }

  /** {@code wp_page_reuse}; hardware may set bits of the entry meanwhile. */
  private void reuse() {
    if (unshare) {
      return;
    }
    long entry;
    do {
      entry = tables.entryAt(address, level);
    } while (!tables.replaceLeaf(address, level, entry, entry | writableBits()));
  }

  private long writableBits() {
    return Pte.ACCESSED | Pte.DIRTY | (vma.isWritable() ? Pte.RW : 0);
  }

  /** {@code wp_page_copy}. */
  @KernelFunction("wp_page_copy")
  private int copy(long oldPfn, boolean counted) {
    long newPfn;
    try {
      newPfn = allocCopy(oldPfn);
    } catch (MmException e) {
      return vma.has(VmFlag.HUGETLB) ? VmFault.SIGBUS : VmFault.OOM;
    }
    if (!replaceToldMirrors(newPfn, oldPfn, counted)) {
      context.put().put(newPfn, 1);
      return VmFault.NOPAGE;
    }
    if (counted) {
      // A walk that saw the old entry has taken its own reference by then, or will not.
      context.sync().rcu().synchronize();
      context.put().put(oldPfn, 1);
    }
    return VmFault.NOPAGE;
  }

  private long allocCopy(long oldPfn) {
    if (!vma.has(VmFlag.HUGETLB)) {
      return AnonPages.allocCopy(vma, address, oldPfn);
    }
    long newPfn = HugetlbFault.take(vma, address, false);
    RamFolios.copy(context.memory(), oldPfn, newPfn, context.geometry().order(level));
    return newPfn;
  }

  private boolean replaceToldMirrors(long newPfn, long oldPfn, boolean counted) {
    MmuNotifiers notifiers = vma.mm().notifiers();
    notifiers.begin(
        new MmuNotifiers.Range(
            address, address + context.geometry().bytes(level), MmuNotifiers.Event.CLEAR, null));
    try {
      return replace(newPfn, oldPfn, counted);
    } finally {
      notifiers.finish();
    }
  }

  private boolean replace(long newPfn, long oldPfn, boolean counted) {
    int order = context.geometry().order(level);
    long huge = level == Geometry.PTE ? 0 : Pte.PSE;
    long copied = AnonPages.leafOf(vma, newPfn, !unshare) | huge;
    tables.lock();
    try {
      if (!tables.replaceLeaf(address, level, seen, unshare ? copied & ~Pte.RW : copied)) {
        return false;
      }
      AnonPages.countAsNew(vma, newPfn, order);
      if (counted) {
        Rmap.remove(context.pages(), oldPfn, order);
      }
      return true;
    } finally {
      tables.unlock();
    }
  }
}
