package dev.pgmap.core.mm;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * {@code __split_huge_pmd} of anonymous memory: a huge entry becomes a table of entries that map
 * the same pages. The folio stays whole; each of the entries holds one reference. Stateless.
 */
public final class HugeSplit {
  private HugeSplit() {}

  /**
   * Splits the PMD entry around an address, if one is there. The caller holds the mmap lock, or the
   * lock of the folio, and not the page-table lock.
   */
  @KernelFunction("__split_huge_pmd")
  public static void run(Vma vma, long address) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      runLocked(vma, address);
    } finally {
      tables.unlock();
    }
  }

  /** The same under the page-table lock. */
  static void runLocked(Vma vma, long address) {
    PageTables tables = vma.mm().tables();
    long block = address & -tables.geometry().bytes(Geometry.PMD);
    long entry = tables.entryAt(block, Geometry.PMD);
    if (!Pte.isLeaf(entry, Geometry.PMD) && !SwapLike.is(entry)) {
      return;
    }
    countEach(vma, entry);
    while (!tables.splitLeaf(block, Geometry.PMD, entry, i -> part(vma, block, i))) {
      entry = tables.entryAt(block, Geometry.PMD);
    }
  }

  /** What the entry at an index of the new table is. */
  private static long part(Vma vma, long block, int index) {
    MmContext context = vma.mm().context();
    long entry = vma.mm().tables().entryAt(block, Geometry.PMD);
    long offset = (long) index << context.geometry().order(Geometry.PTE);
    if (SwapLike.is(entry)) {
      return SwapEntry.of(SwapEntry.kind(entry), SwapEntry.pfn(entry) + offset);
    }
    if (Pte.isSpecial(entry)) {
      return Pte.of(context.ordinary().zeroPfn(), Fault.LEAF_BITS | Pte.SPECIAL);
    }
    long bits = entry & ~(Pte.PFN_MASK | Pte.PSE);
    return Pte.of(Pte.pfn(entry) + offset, bits);
  }

  /** One entry of the folio becomes many: references first, so that none is missing meanwhile. */
  private static void countEach(Vma vma, long entry) {
    MmContext context = vma.mm().context();
    Geometry geometry = context.geometry();
    StructPages pages = context.pages();
    long headPfn = countedPage(entry);
    if (headPfn == SwapLike.NO_PFN) {
      return;
    }
    long rec = pages.record(headPfn);
    int step = 1 << geometry.order(Geometry.PTE);
    int nrEntries = 1 << geometry.order(Geometry.PMD) - geometry.order(Geometry.PTE);
    boolean exclusive = Rmap.isExclusive(pages, headPfn);
    context.refs().mod(headPfn, rec, nrEntries - 1);
    for (int i = 0; i < nrEntries; i++) {
      long part = headPfn + (long) i * step;
      Rmap.add(pages, part, geometry.order(Geometry.PTE));
      if (exclusive) {
        pages.setFlag(pages.record(part), PageFlag.ANON_EXCLUSIVE);
      }
    }
    Rmap.remove(pages, headPfn, geometry.order(Geometry.PMD));
  }

  private static long countedPage(long entry) {
    if (SwapLike.is(entry)) {
      return SwapLike.heldBy(entry);
    }
    return Pte.isCounted(entry) ? Pte.pfn(entry) : SwapLike.NO_PFN;
  }
}
