package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.LeafVisitor;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * The reverse map: from a folio to the entries that map it, and the map counts that say how many
 * there are.
 *
 * <p>Counts change under the page-table lock together with the entry. A walk takes the lock of the
 * areas it looks at, and the page-table lock of one mm at a time; the caller holds a reference on
 * the folio, and no lock of either kind. Stateless.
 */
public final class Rmap {
  /** Receives the entries that map a folio, under the page-table lock of the area's mm. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * One entry, which may be replaced; a swap-like entry that names a page of the folio counts.
     *
     * @param vma the area that it lies in
     * @param address the first address that it maps
     * @param level its level, a constant of {@link dev.pgmap.core.pgtable.Geometry}
     * @param entry its value
     */
    void entry(Vma vma, long address, int level, long entry);
  }

  private Rmap() {}

  /** An entry of this order maps the page from now on ({@code folio_add_*_rmap_*}). */
  public static void add(StructPages pages, long pfn, int order) {
    count(pages, pfn, order, 1);
  }

  /** An entry of this order no longer maps the page ({@code folio_remove_rmap_*}). */
  public static void remove(StructPages pages, long pfn, int order) {
    count(pages, pfn, order, -1);
  }

  private static void count(StructPages pages, long pfn, int order, int delta) {
    long headPfn = pages.headPfn(pfn);
    long headRec = pages.record(headPfn);
    int folioOrder = pages.order(headPfn);
    if (order == folioOrder && order > 0) {
      pages.addEntireMapcount(headRec, delta);
      return;
    }
    pages.addMapcount(pages.record(pfn), delta);
    if (folioOrder > 0) {
      pages.addLargeMapcount(headRec, delta);
    }
  }

  /** How many entries map any page of a folio ({@code folio_mapcount}). */
  public static int mapcount(StructPages pages, long headPfn) {
    long rec = pages.record(headPfn);
    return 1 + (pages.order(headPfn) == 0 ? pages.mapcount(rec) : pages.largeMapcount(rec));
  }

  /** Whether the folio that a pfn is in is anonymous memory ({@code folio_test_anon}). */
  public static boolean isAnonymous(StructPages pages, long pfn) {
    return AddressSpace.isAnonymous(pages.mapping(pages.record(pages.headPfn(pfn))));
  }

  /**
   * Whether the folio may be pinned ({@code folio_maybe_dma_pinned}): by its pin count, else by a
   * number of references that hardly means anything else.
   */
  public static boolean maybePinned(MmContext context, long headPfn) {
    StructPages pages = context.pages();
    long rec = pages.record(headPfn);
    return pages.order(headPfn) > 0
        ? pages.pincount(rec) > 0
        : context.refs().count(rec) >= RefWord.PIN_BIAS;
  }

  /** Whether a page is marked as belonging to one mapping alone ({@code PageAnonExclusive}). */
  public static boolean isExclusive(StructPages pages, long pfn) {
    return pages.testFlag(pages.record(pfn), PageFlag.ANON_EXCLUSIVE);
  }

  /**
   * Shows every entry that maps a page of a folio, or names one in a swap-like way ({@code
   * rmap_walk}).
   *
   * @param headPfn the folio's head; one that no area maps shows nothing
   */
  public static void forEachMapping(MmContext context, long headPfn, Visitor visitor) {
    StructPages pages = context.pages();
    long rec = pages.record(headPfn);
    long mapping = pages.mapping(rec);
    Walk walk = new Walk(headPfn, 1L << pages.order(headPfn), pages.index(rec), visitor);
    if (AddressSpace.isAnonymous(mapping)) {
      walkAnonymous(context.ordinary().anonVmas().byMapping(mapping), walk);
    } else {
      AddressSpace file = context.files().byMapping(mapping);
      if (file != null) {
        file.forEachArea(walk::area);
      }
    }
  }

  private static void walkAnonymous(@Nullable AnonVma anon, Walk walk) {
    if (anon == null) {
      return;
    }
    anon.lockRead();
    try {
      anon.areas().forEach(walk::area);
    } finally {
      anon.unlockRead();
    }
  }

  /** One walk: the folio's pfns and the offsets of its pages. */
  private record Walk(long headPfn, long nrPages, long index, Visitor visitor) {
    void area(Vma vma) {
      long from = Math.max(index, vma.pgoff());
      long to = Math.min(index + nrPages, vma.endPgoff());
      if (from < to) {
        LeafVisitor entries = (address, level, entry) -> entry(vma, address, level, entry);
        PageTables tables = vma.mm().tables();
        tables.forEachLeaf(vma.addressOf(from), vma.addressOf(to), entries);
      }
    }

    private void entry(Vma vma, long address, int level, long entry) {
      long pfn = Pte.isPresent(entry) ? presentPfn(entry) : SwapLike.pfnOf(entry);
      if (pfn >= headPfn && pfn < headPfn + nrPages) {
        visitor.entry(vma, address, level, entry);
      }
    }

    private static long presentPfn(long entry) {
      return Pte.isSpecial(entry) ? -1 : Pte.pfn(entry);
    }
  }
}
