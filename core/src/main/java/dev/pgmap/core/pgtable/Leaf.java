package dev.pgmap.core.pgtable;

/**
 * What maps one address.
 *
 * @param address the first address that the leaf maps
 * @param level its level, a constant of {@link Geometry}
 * @param bytes how much it maps
 * @param entry its value when it was read
 */
public record Leaf(long address, int level, long bytes, long entry) {
  /** One past the last address that the leaf maps. */
  public long end() {
    return address + bytes;
  }

  /** The page frame behind an address that the leaf maps. */
  public long pfnOf(long at) {
    return Pte.pfn(entry) + ((at - address) >>> 12);
  }
}
