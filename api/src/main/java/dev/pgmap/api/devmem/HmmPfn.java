package dev.pgmap.api.devmem;

/** {@code HMM_PFN_*}: what {@code hmm_range_fault} says of a page. 0 means that none is there. */
public final class HmmPfn {
  /** There is a page, and it can be read. */
  public static final long VALID = 1L << 63;

  /** It can be written. */
  public static final long WRITE = 1L << 62;

  /** Nothing that a device could use is there. */
  public static final long ERROR = 1L << 61;

  private static final int ORDER_SHIFT = 56;
  private static final long ORDER_MASK = 31;
  private static final long PFN_MASK = (1L << ORDER_SHIFT) - 1;

  private HmmPfn() {}

  /** An element for a page that an entry of this order maps. */
  public static long of(long pfn, boolean writable, int order) {
    return pfn | VALID | (writable ? WRITE : 0) | (long) order << ORDER_SHIFT;
  }

  /** The page. */
  public static long pfn(long element) {
    return element & PFN_MASK;
  }

  /** log2 of the pages that one entry maps ({@code hmm_pfn_to_map_order}). */
  public static int order(long element) {
    return (int) (element >>> ORDER_SHIFT & ORDER_MASK);
  }
}
