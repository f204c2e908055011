package dev.pgmap.core.phys;

/** The base page size of x86-64 and the arithmetic that follows from it. */
public final class PageMath {
  /** log2 of the base page size. */
  public static final int PAGE_SHIFT = 12;

  /** Bytes in a base page. */
  public static final long PAGE_BYTES = 1L << PAGE_SHIFT;

  private PageMath() {}

  /** Rounds up to a multiple of {@code unit}, a power of two. */
  public static long alignUp(long value, long unit) {
    return (value + unit - 1) & -unit;
  }

  /** Rounds down to a multiple of {@code unit}, a power of two. */
  public static long alignDown(long value, long unit) {
    return value & -unit;
  }

  /** Whether the value is a multiple of {@code unit}, a power of two. */
  public static boolean isAligned(long value, long unit) {
    return (value & (unit - 1)) == 0;
  }
}
