package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.phys.PhysicalMemory;

/**
 * Folios of System RAM: allocated zeroed, as one compound page if they are large, and freed by
 * their final put. Stateless.
 */
public final class RamFolios {
  private static final int FRAME_BYTES = 4096;
  private static final long ZONE = PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT;

  private RamFolios() {}

  /**
   * Takes a folio, zeroed, with one reference, that belongs to nobody yet.
   *
   * @param order log2 of its 4 KiB frames; it is aligned to its size
   * @return its first pfn
   * @throws dev.pgmap.api.MmException ENOMEM without that many contiguous frames
   */
  public static long alloc(MmContext context, int order, PageFlag... flags) {
    long nrPages = 1L << order;
    long headPfn = context.ram().allocPages(nrPages, nrPages);
    StructPages pages = context.pages();
    for (long pfn = headPfn; pfn < headPfn + nrPages; pfn++) {
      pages.init(pages.record(pfn), ZONE, 0);
    }
    long rec = pages.record(headPfn);
    for (PageFlag flag : flags) {
      pages.setFlag(rec, flag);
    }
    if (order > 0) {
      makeCompound(pages, headPfn, order);
    }
    context.refs().set(headPfn, rec, 1, false);
    return headPfn;
  }

  /**
   * Walks without locks that took the pages for base pages are over: the pages were free, and who
   * frees a page that was mapped waits for them.
   */
  private static void makeCompound(StructPages pages, long headPfn, int order) {
    long end = headPfn + (1L << order);
    for (long pfn = headPfn; pfn < end; pfn += SubsectionMap.SUBSECTION_PAGES) {
      pages.map().allowOrders(pfn);
    }
    pages.prepCompound(headPfn, order);
  }

  /** Copies the bytes of a folio; zeroes stay what they are and use no memory of the host. */
  static void copy(PhysicalMemory memory, long fromPfn, long toPfn, int order) {
    byte[] bytes = new byte[FRAME_BYTES];
    for (long i = 0; i < 1L << order; i++) {
      if (!memory.isAllZero(fromPfn + i)) {
        memory.read((fromPfn + i) << 12, bytes, 0, FRAME_BYTES);
        memory.write((toPfn + i) << 12, bytes, 0, FRAME_BYTES);
      }
    }
  }
}
