package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
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
  private final long zeroPfn;

  /**
   * Takes a frame for the zero page, which is never given back.
   *
   * @throws dev.pgmap.api.MmException ENOMEM without one
   */
  public OrdinaryMemory(Ram ram, StructPages pages, PageRefs refs, AnonPolicies policies) {
    this.policies = policies;
    this.zeroPfn = ram.allocPages(1, 1);
    long rec = pages.record(zeroPfn);
    pages.init(rec, ZERO_FLAGS, 0);
    refs.set(zeroPfn, rec, 1, false);
  }

  /** The rules of its kernel. */
  public AnonPolicies policies() {
    return policies;
  }

  /** The page of zeroes that read faults of private memory map ({@code ZERO_PAGE}). */
  public long zeroPfn() {
    return zeroPfn;
  }

  /** Whether it is the zero page ({@code is_zero_page}). */
  public boolean isZeroPage(long pfn) {
    return pfn == zeroPfn;
  }

  AnonVmas anonVmas() {
    return anonVmas;
  }
}
