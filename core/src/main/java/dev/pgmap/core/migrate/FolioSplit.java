package dev.pgmap.core.migrate;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.HugeSplit;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code split_folio}: makes base pages of a large anonymous folio of RAM, in place. While it does,
 * migration entries stand wherever the folio was mapped, and its count is frozen at zero, so that
 * nobody can take a page of it.
 */
public final class FolioSplit {
  private record Place(Vma vma, long address) {}

  private final MmContext context;
  private final StructPages pages;
  private final MigrationEntries entries;

  /** Splits folios of one machine. */
  public FolioSplit(MmContext context) {
    this.context = context;
    this.pages = context.pages();
    this.entries = new MigrationEntries(context);
  }

  /**
   * Splits a folio. The caller holds its lock and one reference, and holds those of the first page
   * afterwards; no lock of page tables.
   *
   * @return false if somebody else holds a reference, such as a pin; the folio is whole then, and
   *     mapped as before, if by smaller entries
   */
  @KernelFunction("split_huge_page_to_list_to_order")
  public boolean split(long headPfn) {
    int order = pages.order(headPfn);
    if (order <= context.geometry().order(Geometry.PTE) || !Rmap.isAnonymous(pages, headPfn)) {
      return false;
    }
    splitEntries(headPfn);
    entries.set(headPfn);
    if (!context.refs().freeze(headPfn, pages.record(headPfn), 1)) {
      entries.remove(headPfn, headPfn);
      return false;
    }
    makeBasePages(headPfn, order);
    remap(headPfn, 1L << order);
    return true;
  }

  /** {@code unmap_folio} begins with the huge entries, wherever they are. */
  private void splitEntries(long headPfn) {
    List<Place> huge = new ArrayList<>();
    Rmap.forEachMapping(
        context,
        headPfn,
        (vma, address, level, entry) -> {
          if (level > Geometry.PTE) {
            huge.add(new Place(vma, address));
          }
        });
    huge.forEach(place -> HugeSplit.run(place.vma, place.address));
  }

  /** {@code __split_folio_to_order}: each page gets the folio's flags, and a count of its own. */
  private void makeBasePages(long headPfn, int order) {
    long mapping = pages.mapping(pages.record(headPfn));
    long index = pages.index(pages.record(headPfn));
    long poison = PageFlag.HWPOISON.bit();
    long flags = pages.flags(pages.record(headPfn)) & ~(PageFlag.HEAD.bit() | poison);
    // From the last to the head: whoever waits for a page's lock finds it locked all the time.
    for (long i = (1L << order) - 1; i >= 0; i--) {
      long rec = pages.record(headPfn + i);
      pages.init(rec, flags | pages.flags(rec) & poison, 0);
      pages.setIndex(rec, index + i);
      pages.setMapping(rec, mapping);
      context.refs().unfreeze(headPfn + i, rec, 1);
    }
  }

  /** {@code remap_page}; the references of the split itself go, but that of the first page. */
  private void remap(long headPfn, long nrPages) {
    for (long pfn = headPfn; pfn < headPfn + nrPages; pfn++) {
      entries.remove(pfn, pfn);
    }
    for (long pfn = headPfn + 1; pfn < headPfn + nrPages; pfn++) {
      context.locks().unlock(pfn);
      context.put().put(pfn, 1);
    }
  }
}
