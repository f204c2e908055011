package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * {@code copy_page_range}: gives a child the entries of a private area of its parent. Pages are
 * shared and write-protected in both, so that the first write copies; a page that may be pinned is
 * copied at once, where the kernel does so, and stays the parent's own.
 *
 * <p>Runs with the mmap locks of both held as writers; the page-table lock of the parent comes
 * before that of the child, which nobody else has seen. Walks without locks go on meanwhile: the
 * caller raises {@code write_protect_seq} around this, and flushes after it.
 */
final class ForkCopy {
  private static final long NONE = -1;

  private final Vma from;
  private final Vma to;
  private final MmContext context;
  private final PageTables source;
  private final PageTables target;
  private long spare = NONE;

  private ForkCopy(Vma from, Vma to) {
    this.from = from;
    this.to = to;
    this.context = from.mm().context();
    this.source = from.mm().tables();
    this.target = to.mm().tables();
  }

  /**
   * Copies all entries of an area.
   *
   * @throws MmException ENOMEM; what was copied until then stays in the child
   */
  @KernelFunction("copy_page_range")
  static void run(Vma from, Vma to) {
    ForkCopy copy = new ForkCopy(from, to);
    LeafList leaves = LeafList.of(from);
    try {
      for (int i = 0; i < leaves.size(); i++) {
        copy.leaf(leaves.address(i), leaves.level(i));
      }
    } finally {
      copy.putSpare();
    }
  }

  private void putSpare() {
    if (spare != NONE) {
      context.put().put(spare, 1);
    }
  }

  private void leaf(long address, int level) {
    if (level == Geometry.PTE) {
      baseLeaf(address);
    } else if (from.isAnonymous()) {
      hugeLeaf(address, level);
    }
    // The huge entries of files are left for the child to fault in.
  }

  /** {@code copy_huge_pmd}: a huge page that may be pinned is copied page by page. */
  private void hugeLeaf(long address, int level) {
    if (Pte.isSpecial(FaultHandler.entryAt(from, address, level))) {
      to.mm().hugeZeroPfn();
    }
    if (tryLeaf(address, level)) {
      return;
    }
    if (from.has(VmFlag.HUGETLB)) {
      copyHugetlb(address, level);
    } else {
      HugeSplit.run(from, address);
      long end = address + context.geometry().bytes(level);
      for (long at = address; at < end; at += from.mm().pageBytes()) {
        baseLeaf(at);
      }
    }
  }

  /** {@code copy_hugetlb_page_range} of a page that may be pinned: the child gets another. */
  private void copyHugetlb(long address, int level) {
    long oldPfn = Pte.pfn(FaultHandler.entryAt(from, address, level));
    long newPfn = HugetlbFault.take(to, address, false);
    RamFolios.copy(context.memory(), oldPfn, newPfn, context.geometry().order(level));
    HugetlbFault.map(to, address, newPfn, true);
  }

  private void baseLeaf(long address) {
    while (!tryLeaf(address, Geometry.PTE)) {
      // Out of the locks: taking memory may sleep.
      spare = spare == NONE ? AnonPages.alloc(to, address) : spare;
    }
  }

  /** Returns false if it needs a spare page first, or a huge entry has to be split. */
  private boolean tryLeaf(long address, int level) {
    source.lock();
    target.lock();
    try {
      long entry = source.entryAt(address, level);
      if (SwapLike.is(entry) && SwapEntry.kind(entry).isDeviceExclusive()) {
        // The device gives the page back, as soon as it has unlocked it; then it is shared.
        return ExclusiveEntry.tryRestore(from, address, entry)
            && page(address, level, source.entryAt(address, level));
      }
      if (SwapLike.is(entry)) {
        SwapLike.copy(from, to, address, level, entry);
        return true;
      }
      if (!Pte.isCounted(entry)) {
        insert(address, level, protect(address, level, entry));
        return true;
      }
      target.makeTables(address, level);
      return page(address, level, entry);
    } finally {
      target.unlock();
      source.unlock();
    }
  }

  private boolean page(long address, int level, long entry) {
    StructPages pages = context.pages();
    long pfn = Pte.pfn(entry);
    if (Rmap.isAnonymous(pages, pfn) && !mayShare(pages, pfn)) {
      return level == Geometry.PTE && copyNow(address, pfn);
    }
    long head = pages.headPfn(pfn);
    context.refs().mod(head, pages.record(head), 1);
    Rmap.add(pages, pfn, context.geometry().order(level));
    insert(address, level, protect(address, level, entry));
    return true;
  }

  /** {@code folio_try_dup_anon_rmap_pte}: whether parent and child may share the page. */
  private boolean mayShare(StructPages pages, long pfn) {
    CowRule cow = context.ordinary().policies().cow();
    boolean pinned =
        from.mm().hasPinned()
            && Rmap.maybePinned(context, pages.headPfn(pfn))
            && cow.copiesPinned();
    if (!cow.marksExclusive()) {
      return !pinned;
    }
    if (pinned && Rmap.isExclusive(pages, pfn)) {
      return false;
    }
    pages.clearFlag(pages.record(pfn), PageFlag.ANON_EXCLUSIVE);
    return true;
  }

  /** {@code copy_present_page}: the child gets a page of its own, the parent's entry stays. */
  private boolean copyNow(long address, long pfn) {
    if (spare == NONE) {
      return false;
    }
    int order = context.geometry().order(Geometry.PTE);
    RamFolios.copy(context.memory(), pfn, spare, order);
    context.pages().setIndex(context.pages().record(spare), to.pgoffOf(address));
    AnonPages.countAsNew(to, spare);
    insert(address, Geometry.PTE, AnonPages.leafOf(to, spare, true));
    spare = NONE;
    return true;
  }

  private void insert(long address, int level, long entry) {
    if (entry != 0) {
      target.insertLeaf(address, level, entry);
    }
  }

  /** Write-protects the parent's entry; returns what the child's is to be. */
  private long protect(long address, int level, long entry) {
    if (from.isShared()) {
      return entry & ~Pte.ACCESSED;
    }
    long seen = entry;
    while (Pte.isWritable(seen) && !source.replaceLeaf(address, level, seen, seen & ~Pte.RW)) {
      seen = source.entryAt(address, level);
    }
    return seen & ~(Pte.RW | Pte.ACCESSED);
  }
}
