package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.phys.Ram;

/**
 * What one machine has for ordinary memory: the rules of its kernel, the zero page, and the numbers
 * that anonymous pages carry. Thread-safe.
 */
public final class OrdinaryMemory {
  private static final long ZERO_FLAGS =
      PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT | PageFlag.RESERVED.bit();

  private final AnonPolicies policies;
  private final AnonVmas anonVmas = new AnonVmas();
  private final HugePages hugePages = new HugePages();
  private final HugetlbPools hugetlb;
  private final long zeroPfn;
  private final long zeroPages;

  /**
   * Takes a frame for the zero page, which is never given back.
   *
   * @throws dev.pgmap.api.MmException ENOMEM without one
   */
  public OrdinaryMemory(
      Ram ram, StructPages pages, PageRefs refs, Geometry geometry, AnonPolicies policies) {
    int order = geometry.order(Geometry.PTE);
    this.hugetlb = new HugetlbPools(geometry);
    this.policies = policies;
    this.zeroPages = 1L << order;
    this.zeroPfn = ram.allocPages(zeroPages, zeroPages);
    for (long pfn = zeroPfn; pfn < zeroPfn + zeroPages; pfn++) {
      pages.init(pages.record(pfn), ZERO_FLAGS, 0);
    }
    if (order > 0) {
      pages.map().allowOrders(zeroPfn);
      pages.prepCompound(zeroPfn, order);
    }
    refs.set(zeroPfn, pages.record(zeroPfn), 1, false);
  }

  /** The rules of its kernel. */
  public AnonPolicies policies() {
    return policies;
  }

  /** The page of zeroes that read faults of private memory map ({@code ZERO_PAGE}). */
  public long zeroPfn() {
    return zeroPfn;
  }

  /** Its hugetlb pages. */
  public HugetlbPools hugetlb() {
    return hugetlb;
  }

  /** Its transparent huge pages. */
  public HugePages hugePages() {
    return hugePages;
  }

  /** Whether it is the zero page, or part of the huge one ({@code is_zero_page}). */
  public boolean isZeroPage(long pfn) {
    return pfn >= zeroPfn && pfn < zeroPfn + zeroPages || hugePages.isZeroPage(pfn);
  }

  AnonVmas anonVmas() {
    return anonVmas;
  }
}
