package dev.pgmap.core.vmemmap;

import dev.pgmap.core.page.PageLayout;

/** An era's rule on which struct pages of a compound page have memory of their own. */
public enum VmemmapShape {
  /** Every struct page has its own 64 bytes. */
  FULL {
    @Override
    boolean sharesTails(int order, boolean hasAltmap) {
      return false;
    }
  },

  /**
   * {@code vmemmap_can_optimize} of 5.19 on: one page of heads, one page that all other tails
   * share; only for struct pages in RAM, and only where it saves something. Here a compound of less
   * than a subsection (2 MiB), which no device has, keeps all its pages.
   */
  SHARED_TAILS {
    @Override
    boolean sharesTails(int order, boolean hasAltmap) {
      long vmemmapPages = (1L << order) / PageLayout.RECORDS_PER_PAGE;
      return !hasAltmap && vmemmapPages > RESERVED_PAGES;
    }
  };

  /** {@code VMEMMAP_RESERVE_NR}: vmemmap pages that a compound keeps. */
  public static final int RESERVED_PAGES = 2;

  abstract boolean sharesTails(int order, boolean hasAltmap);
}
