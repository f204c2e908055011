package dev.pgmap.core.migrate;

import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.PhysicalMemory;

/** Pages of RAM that are the destination of a migration. Thread-safe. */
public final class SystemPages {
  private static final int PAGE_BYTES = 4096;
  private static final long FLAGS =
      PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT
          | PageFlag.UPTODATE.bit()
          | PageFlag.SWAPBACKED.bit();

  private final MmContext context;

  /** Pages of that machine. */
  public SystemPages(MmContext context) {
    this.context = context;
  }

  /**
   * A zeroed folio with one reference, locked ({@code alloc_page_vma} and {@code lock_page}).
   *
   * @param order 0 for a base page
   * @throws dev.pgmap.api.MmException ENOMEM
   */
  public long alloc(int order) {
    long pfn = context.ram().allocPages(1L << order, 1L << order);
    StructPages pages = context.pages();
    for (long tail = pfn + (1L << order) - 1; tail > pfn; tail--) {
      pages.init(pages.record(tail), FLAGS, 0);
      context.refs().set(tail, pages.record(tail), 0, false);
    }
    long rec = pages.record(pfn);
    pages.init(rec, FLAGS, 0);
    if (order > 0) {
      pages.prepCompound(pfn, order);
    }
    context.refs().set(pfn, rec, 1, false);
    context.locks().lock(pfn);
    return pfn;
  }

  /** {@code copy_highpage}; zeroes stay what they are: no memory of the host is used. */
  public void copy(long fromPfn, long toPfn) {
    PhysicalMemory memory = context.memory();
    if (!memory.isAllZero(fromPfn) || !memory.isAllZero(toPfn)) {
      byte[] bytes = new byte[PAGE_BYTES];
      memory.read(fromPfn << 12, bytes, 0, PAGE_BYTES);
      memory.write(toPfn << 12, bytes, 0, PAGE_BYTES);
    }
  }
}
