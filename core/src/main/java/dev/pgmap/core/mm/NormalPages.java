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

  /**
   * The folio must be as large as the leaf, or one of those that are made when a file maps them, a
   * page of which may be mapped by itself. It must not be free.
   */
  @Override
  public boolean accepts(MmContext context, long pfn, int order) {
    StructPages pages = context.pages();
    long headPfn = pages.headPfn(pfn);
    boolean whole = headPfn == pfn && pages.order(headPfn) == order;
    boolean onePage = order == 0 && pages.map().fixedOrder(pfn) < 0;
    return (whole || onePage) && context.refs().count(pages.record(headPfn)) != 0;
  }

  @Override
  public void enter(MmContext context, long pfn, int order) {
    StructPages pages = context.pages();
    long headPfn = pages.headPfn(pfn);
    context.refs().mod(headPfn, pages.record(headPfn), 1);
    addMapcount(pages, pfn, order, 1);
  }

  @Override
  public void leave(MmContext context, long pfn, int order) {
    if (context.pages().recordOrZero(pfn) == 0) {
      context.log().bug("page 0x%x lost its struct page while it was mapped", pfn);
    } else {
      addMapcount(context.pages(), pfn, order, -1);
    }
  }

  private static void addMapcount(StructPages pages, long pfn, int order, int delta) {
    long headPfn = pages.headPfn(pfn);
    if (order > 0) {
      pages.addEntireMapcount(pages.record(headPfn), delta);
      return;
    }
    pages.addMapcount(pages.record(pfn), delta);
    if (pages.order(headPfn) > 0) {
      pages.addLargeMapcount(pages.record(headPfn), delta);
    }
  }

  @Override
  public boolean holdsReference() {
    return true;
  }
}
