package dev.pgmap.core.fsdax;

import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;

/**
 * When a page is in use by somebody for whom a truncate has to wait, and what is done about it: the
 * question that kernels before and after 6.15 answer differently.
 */
public enum LayoutRule {
  /**
   * Up to 6.14: a page with more than the one reference that every idle page has is busy. A file
   * that no area maps is not looked at, although its pages may be held. Entries stay until the
   * truncate itself removes them.
   */
  MAPPED_FILES {
    @Override
    long busyPage(StructPages pages, PageRefs refs, long entry) {
      long pfn = DaxEntry.pfn(entry);
      for (long i = pfn; i < pfn + DaxEntry.nrPages(entry); i++) {
        if (refs.count(pages.record(i)) > 1) {
          return i;
        }
      }
      return NO_PAGE;
    }

    @Override
    boolean isIdle(StructPages pages, PageRefs refs, long headPfn) {
      return refs.count(pages.record(headPfn)) == 1;
    }

    @Override
    boolean skipsUnmappedFiles() {
      return true;
    }

    @Override
    boolean deletesEntries() {
      return false;
    }
  },

  /**
   * 6.15 on: a folio with more references than mappings is busy. Every file is looked at, the
   * entries go as soon as none of them is busy, and an inode is not evicted before that.
   */
  ALL_FILES {
    @Override
    long busyPage(StructPages pages, PageRefs refs, long entry) {
      long headPfn = pages.headPfn(DaxEntry.pfn(entry));
      long rec = pages.record(headPfn);
      int mapcount =
          pages.order(headPfn) == 0 ? pages.mapcount(rec) + 1 : pages.largeMapcount(rec) + 1;
      return refs.count(rec) != mapcount ? headPfn : NO_PAGE;
    }

    @Override
    boolean isIdle(StructPages pages, PageRefs refs, long headPfn) {
      return refs.count(pages.record(headPfn)) == 0;
    }

    @Override
    boolean skipsUnmappedFiles() {
      return false;
    }

    @Override
    boolean deletesEntries() {
      return true;
    }
  };

  /** What {@link #busyPage} says where every page is idle. */
  static final long NO_PAGE = -1;

  /** {@code dax_busy_page}: the page of a real entry to wait for, or {@link #NO_PAGE}. */
  abstract long busyPage(StructPages pages, PageRefs refs, long entry);

  /** {@code dax_page_is_idle}: what the waiter waits for. */
  abstract boolean isIdle(StructPages pages, PageRefs refs, long headPfn);

  /** Whether a file that no area maps counts as idle without a look. */
  abstract boolean skipsUnmappedFiles();

  /** Whether breaking a layout removes the entries, and eviction breaks it first. */
  abstract boolean deletesEntries();
}
