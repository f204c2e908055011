package dev.pgmap.core.mm;

import dev.pgmap.core.page.StructPages;

/**
 * Leaves that hold one reference and one map count each: {@code vmf_insert_page_mkwrite}, {@code
 * vmf_insert_folio_pmd} and {@code vmf_insert_folio_pud}.
 */
record NormalPages() implements MappingPolicy {
  @Override
  public String name() {
    return "normal-pages";
  }

  @Override
  public long leafBits() {
    return 0;
  }

  @Override
  public boolean setsMappingFirst() {
    return true;
  }

  /** The folio must be as large as the leaf, and must not be free. */
  @Override
  public boolean accepts(MmContext context, long pfn, int order) {
    StructPages pages = context.pages();
    long headPfn = pages.headPfn(pfn);
    return headPfn == pfn
        && pages.order(headPfn) == order
        && context.refs().count(pages.record(headPfn)) != 0;
  }

  @Override
  public void enter(MmContext context, long pfn, int order) {
    StructPages pages = context.pages();
    long rec = pages.record(pfn);
    context.refs().mod(pfn, rec, 1);
    addMapcount(pages, rec, order, 1);
  }

  @Override
  public void leave(MmContext context, long pfn, int order) {
    long rec = context.pages().recordOrZero(pfn);
    if (rec == 0) {
      context.log().bug("page 0x%x lost its struct page while it was mapped", pfn);
    } else {
      addMapcount(context.pages(), rec, order, -1);
    }
  }

  private static void addMapcount(StructPages pages, long rec, int order, int delta) {
    if (order == 0) {
      pages.addMapcount(rec, delta);
    } else {
      pages.addEntireMapcount(rec, delta);
    }
  }

  @Override
  public boolean holdsReference() {
    return true;
  }
}
