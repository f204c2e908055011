package dev.pgmap.api.pgmap;

/**
 * A range of physical addresses, {@code struct range}.
 *
 * @param start first byte
 * @param end last byte (inclusive, as in the kernel)
 */
public record PhysRange(long start, long end) {
  private static final int PAGE_SHIFT = 12;

  /** Rejects an empty or wrapping range with {@link IllegalArgumentException}. */
  public PhysRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "range: start 0x%x end 0x%x, expected 0 <= start <= end".formatted(start, end));
    }
  }

  /** The range of {@code bytes} bytes from {@code start}. */
  public static PhysRange ofLength(long start, long bytes) {
    return new PhysRange(start, start + bytes - 1);
  }

  /** Length in bytes, {@code range_len}. */
  public long bytes() {
    return end - start + 1;
  }

  /** The first page frame number. */
  public long firstPfn() {
    return start >>> PAGE_SHIFT;
  }

  /** One past the last page frame number. */
  public long endPfn() {
    return (end >>> PAGE_SHIFT) + 1;
  }

  /** The number of whole 4 KiB pages, for a page-aligned range. */
  public long nrPages() {
    return endPfn() - firstPfn();
  }

  /** Whether the two ranges share a byte. */
  public boolean overlaps(PhysRange other) {
    return start <= other.end && other.start <= end;
  }

  /** Whether {@code other} lies inside this range. */
  public boolean contains(PhysRange other) {
    return start <= other.start && other.end <= end;
  }

  @Override
  public String toString() {
    return "[0x%x-0x%x]".formatted(start, end);
  }
}
