package dev.pgmap.core.fsdax;

import dev.pgmap.core.page.StructPages;

/** Folios of the order of their entries; see {@link Association#FOLIOS}. */
record FolioAssociation() implements Association {
  @Override
  public String name() {
    return "folios";
  }

  @Override
  public boolean allowsSharing() {
    return true;
  }

  @Override
  public void associate(Pages pages, long entry, long mapping, long index, boolean shared) {
    StructPages structPages = pages.structPages();
    long headPfn = structPages.headPfn(DaxEntry.pfn(entry));
    long rec = structPages.record(headPfn);
    if (shared && (structPages.mapping(rec) != 0 || isShared(structPages, rec))) {
      share(pages, entry, headPfn, rec);
    } else {
      own(pages, entry, mapping, index);
    }
  }

  /** {@code dax_folio_is_shared}. */
  private static boolean isShared(StructPages structPages, long rec) {
    return structPages.mapping(rec) == 0 && structPages.index(rec) != 0;
  }

  /** {@code dax_folio_make_shared}, if it belonged to one file, and one share more. */
  private static void share(Pages pages, long entry, long headPfn, long rec) {
    StructPages structPages = pages.structPages();
    if (structPages.mapping(rec) != 0) {
      structPages.setMapping(rec, 0);
      structPages.setIndex(rec, 1);
    }
    warnIf(
        pages,
        DaxEntry.order(entry) != structPages.order(headPfn),
        "dax_associate_entry: folio 0x%x is shared at another order",
        headPfn);
    structPages.setIndex(rec, structPages.index(rec) + 1);
  }

  /** {@code dax_folio_init}: pages that nobody holds become one folio. */
  private static void own(Pages pages, long entry, long mapping, long index) {
    StructPages structPages = pages.structPages();
    long pfn = DaxEntry.pfn(entry);
    long headPfn = structPages.headPfn(pfn);
    int before = structPages.order(headPfn);
    warnIf(
        pages,
        structPages.mapping(structPages.record(headPfn)) != 0,
        "dax_associate_entry: folio 0x%x has a file",
        headPfn);
    warnIf(pages, before != 0, "dax_folio_init: folio 0x%x was never taken apart", headPfn);
    if (DaxEntry.isPmd(entry) && before == 0) {
      structPages.prepCompound(pfn, DaxEntry.PMD_ORDER);
      warnIf(
          pages,
          pages.refs().count(structPages.record(pfn)) != 0,
          "dax_folio_init: folio 0x%x is held",
          pfn);
    }
    long rec = structPages.record(structPages.headPfn(pfn));
    structPages.setIndex(rec, index);
    structPages.setMapping(rec, mapping);
  }

  /** {@code dax_folio_put}: the last file to let go takes a large folio apart. */
  @Override
  public void disassociate(Pages pages, long entry, long mapping, boolean truncated) {
    StructPages structPages = pages.structPages();
    long headPfn = structPages.headPfn(DaxEntry.pfn(entry));
    long rec = structPages.record(headPfn);
    if (isShared(structPages, rec)) {
      structPages.setIndex(rec, structPages.index(rec) - 1);
      if (structPages.index(rec) > 0) {
        return;
      }
    }
    int order = structPages.order(headPfn);
    structPages.setMapping(rec, 0);
    structPages.setIndex(rec, 0);
    if (order > 0) {
      warnIf(
          pages,
          pages.refs().count(rec) != 0,
          "dax_folio_reset_order: folio 0x%x is held",
          headPfn);
      structPages.resetToBasePages(headPfn, order, structPages.rawWord(rec, 1));
    }
  }

  private static void warnIf(Pages pages, boolean broken, String format, long pfn) {
    if (broken) {
      pages.log().warnOnce(format, format, pfn);
    }
  }
}
