package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.LeafVisitor;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code struct mmu_gather}: clears leaves and swap-like entries, flushes, and only then drops the
 * references behind them.
 *
 * <p>Map counts change under the page-table lock with the entry; references are put in batches
 * after a grace period, so that a walker that saw an entry has either taken its own reference or
 * given up. Used by one thread.
 */
final class TlbGather implements LeafVisitor {
  private static final int CAPACITY = 8192;

  private final MmContext context;
  private final PageTables tables;
  private final int mostPerTable;
  private final long[] pfns;
  private int nrPfns;
  private boolean needsFlush;

  private TlbGather(Vma vma, long nrPages) {
    this.context = vma.mm().context();
    this.tables = vma.mm().tables();
    this.mostPerTable = context.geometry().mostLeavesPerTable();
    this.pfns = new long[(int) Math.min(nrPages, CAPACITY) + mostPerTable];
  }

  /**
   * Clears the leaves of a part of an area; no leaf may lie across its ends.
   *
   * <p>On return no walk that saw one of them is under way, and their references are put.
   */
  @KernelFunction("zap_page_range_single")
  static void zap(Vma vma, long start, long end) {
    vma.mm()
        .notifiers()
        .around(
            new MmuNotifiers.Range(start, end, MmuNotifiers.Event.UNMAP, null),
            () -> clear(vma, start, end));
  }

  private static void clear(Vma vma, long start, long end) {
    TlbGather gather = new TlbGather(vma, (end - start) >>> 12);
    long at = start;
    while (at < end) {
      at = gather.tables.clearSome(at, end, gather);
      if (gather.nrPfns + gather.mostPerTable > gather.pfns.length) {
        gather.flush();
      }
    }
    gather.flush();
  }

  /**
   * Clears a part of an area, splitting what lies across its ends ({@code unmap_page_range}). What
   * cannot be split goes as a whole.
   */
  static void zapPart(Vma vma, long start, long end) {
    splitAcross(vma, start);
    splitAcross(vma, end);
    zap(vma, start, end);
  }

  /** Splits the entry that lies across a boundary inside the area, if there is one. */
  static void splitAcross(Vma vma, long boundary) {
    Leaf leaf = FaultHandler.findEntry(vma, boundary);
    if (leaf != null && leaf.address() < boundary) {
      splitOrZap(vma, boundary);
    }
  }

  /**
   * {@code __split_huge_pmd} and its like: the huge entry of a file at an address goes, and its
   * pages are faulted in one by one; that of anonymous memory becomes a table.
   */
  static void splitOrZap(Vma vma, long address) {
    Leaf leaf = FaultHandler.findEntry(vma, address);
    if (leaf == null) {
      return;
    }
    if (leaf.level() == Geometry.PMD && isAnonymous(vma, leaf.entry())) {
      HugeSplit.run(vma, address);
    } else {
      zap(vma, leaf.address(), leaf.end());
    }
  }

  private static boolean isAnonymous(Vma vma, long entry) {
    return vma.isAnonymous()
        || Pte.isCounted(entry) && Rmap.isAnonymous(vma.mm().context().pages(), Pte.pfn(entry));
  }

  @Override
  public void leaf(long address, int level, long entry) {
    needsFlush = true;
    if (SwapLike.is(entry)) {
      long pfn = SwapLike.heldBy(entry);
      if (pfn != SwapLike.NO_PFN) {
        unmapped(pfn, context.geometry().order(level), SwapLike.isCounted(context, entry));
      }
    } else if (Pte.isCounted(entry)) {
      unmapped(Pte.pfn(entry), context.geometry().leafOrder(level, entry), true);
    }
  }

  private void unmapped(long pfn, int order, boolean counted) {
    if (context.pages().recordOrZero(pfn) == 0) {
      context.log().bug("page 0x%x lost its struct page while it was mapped", pfn);
    } else if (counted) {
      Rmap.remove(context.pages(), pfn, order);
    }
    pfns[nrPfns++] = pfn;
  }

  @KernelFunction("tlb_flush_mmu")
  private void flush() {
    if (needsFlush) {
      context.sync().rcu().synchronize();
      needsFlush = false;
    }
    for (int i = 0; i < nrPfns; i++) {
      put(pfns[i]);
    }
    nrPfns = 0;
  }

  /**
   * A page whose count is broken must not keep the others mapped: a kernel would report and go on.
   */
  private void put(long pfn) {
    try {
      context.put().put(pfn, 1);
    } catch (MmException e) {
      context.log().bug("unmapping page 0x%x: %s", pfn, e.getMessage());
    }
  }
}
