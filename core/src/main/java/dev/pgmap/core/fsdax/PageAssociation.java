package dev.pgmap.core.fsdax;

import dev.pgmap.core.page.StructPages;

/** Base pages that each know their file; see {@link Association}. */
record PageAssociation(String name, PageSharing sharing) implements Association {
  @Override
  public boolean allowsSharing() {
    return sharing != PageSharing.NONE;
  }

  @Override
  public void associate(Pages pages, long entry, long mapping, long index, boolean shared) {
    long pfn = DaxEntry.pfn(entry);
    for (long i = 0; i < DaxEntry.nrPages(entry); i++) {
      long rec = pages.structPages().record(pfn + i);
      if (shared && allowsSharing()) {
        share(pages.structPages(), rec);
      } else {
        own(pages, pfn + i, rec, mapping, index + i);
      }
    }
  }

  /** {@code dax_page_share_get}: a page that belonged to one file counts that one, too. */
  private static void share(StructPages structPages, long rec) {
    if (structPages.mapping(rec) != PageSharing.MARK) {
      if (structPages.mapping(rec) != 0) {
        structPages.setIndex(rec, 1);
      }
      structPages.setMapping(rec, PageSharing.MARK);
    }
    structPages.setIndex(rec, structPages.index(rec) + 1);
  }

  private static void own(Pages pages, long pfn, long rec, long mapping, long index) {
    StructPages structPages = pages.structPages();
    if (structPages.mapping(rec) != 0) {
      pages.log().warnOnce("dax-associate", "dax_associate_entry: page 0x%x has a file", pfn);
    }
    structPages.setIndex(rec, index);
    structPages.setMapping(rec, mapping);
  }

  @Override
  public void disassociate(Pages pages, long entry, long mapping, boolean truncated) {
    long pfn = DaxEntry.pfn(entry);
    for (long i = 0; i < DaxEntry.nrPages(entry); i++) {
      long rec = pages.structPages().record(pfn + i);
      if (truncated && pages.refs().count(rec) > 1) {
        pages
            .log()
            .warnOnce(
                "dax-disassociate-busy",
                "dax_disassociate_entry: page 0x%x is still held, count %d",
                pfn + i,
                pages.refs().count(rec));
      }
      if (!isKept(pages, pfn + i, rec, mapping)) {
        pages.structPages().setMapping(rec, 0);
        pages.structPages().setIndex(rec, 0);
      }
    }
  }

  private boolean isKept(Pages pages, long pfn, long rec, long mapping) {
    StructPages structPages = pages.structPages();
    long found = structPages.mapping(rec);
    if (found == PageSharing.MARK) {
      long count = structPages.index(rec);
      structPages.setIndex(rec, count - 1);
      return sharing.isStillShared(count);
    }
    if (found != 0 && found != mapping) {
      pages
          .log()
          .warnOnce("dax-disassociate", "dax_disassociate_entry: page 0x%x: another file", pfn);
    }
    return false;
  }
}
