package dev.pgmap.core.pgmap;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.vmemmap.VmemmapShape;

/**
 * Initialises struct pages: {@code memmap_init_zone_device} and {@code memmap_init_compound}.
 *
 * <p>Runs outside the hotplug lock, while nobody can reach the pages by a page table.
 */
final class MemmapInit {
  private static final long DEVICE_FLAGS =
      PageLayout.ZONE_DEVICE << PageLayout.ZONE_SHIFT | PageFlag.RESERVED.bit();

  private final StructPages pages;
  private final PageRefs refs;
  private final RefcountScheme scheme;

  MemmapInit(StructPages pages, PageRefs refs, RefcountScheme scheme) {
    this.pages = pages;
    this.refs = refs;
    this.scheme = scheme;
  }

  /** The altmap's own pages become reserved pages that belong to no pgmap. */
  void initAltmapPages(long firstPfn, long endPfn) {
    for (long pfn = firstPfn; pfn < endPfn; pfn++) {
      initSingle(pfn, pages.record(pfn), 0);
    }
  }

  /** The device's pages, folio by folio. */
  @KernelFunction("memmap_init_zone_device")
  void initDevicePages(DevPagemap pgmap, long firstPfn, long endPfn) {
    int order = pgmap.vmemmapShift();
    long pgmapWord = pgmap.pageWord();
    boolean hasBase = scheme.hasBase(pgmap.spec().type());
    for (long pfn = firstPfn; pfn < endPfn; pfn += 1L << order) {
      long rec = pages.record(pfn);
      initSingle(pfn, rec, pgmapWord);
      if (!hasBase) {
        refs.set(pfn, rec, 0, false);
      }
      if (order > 0) {
        initCompound(pfn, rec, order);
      }
    }
  }

  private void initSingle(long pfn, long rec, long pgmapWord) {
    pages.init(rec, DEVICE_FLAGS, pgmapWord);
    refs.set(pfn, rec, 1, true);
  }

  /** A compound in reused boot memmap has all its records, also where others share tails. */
  private void initCompound(long headPfn, long headRec, int order) {
    pages.setFlag(headRec, PageFlag.HEAD);
    long nrRecords =
        pages.map().sharesTails(headPfn >>> SubsectionMap.SUBSECTION_PAGES_SHIFT)
            ? (long) VmemmapShape.RESERVED_PAGES * PageLayout.RECORDS_PER_PAGE
            : 1L << order;
    for (long pfn = headPfn + 1; pfn < headPfn + nrRecords; pfn++) {
      long rec = pages.record(pfn);
      pages.init(rec, DEVICE_FLAGS, 0);
      refs.set(pfn, rec, 1, true);
      pages.prepTail(rec, headPfn);
      refs.set(pfn, rec, 0, false);
    }
    pages.prepHead(headRec, order);
  }
}
