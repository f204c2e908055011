package dev.pgmap.api.pgmap;

/**
 * The part of {@code struct vmem_altmap} that the owner of a device decides, in 4 KiB pages.
 *
 * @param basePfn start of the whole mapping
 * @param endPfn last pfn of the mapping
 * @param reservePages pages mapped but kept for the driver, from {@code basePfn} on
 * @param freePages pages after the reserve that may hold struct pages
 */
public record AltmapSpec(long basePfn, long endPfn, long reservePages, long freePages) {

  /** Pages from {@code basePfn} on that have no struct page in use, {@code vmem_altmap_offset}. */
  public long offsetPages() {
    return reservePages + freePages;
  }
}
