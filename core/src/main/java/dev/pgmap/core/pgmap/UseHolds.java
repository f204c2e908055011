package dev.pgmap.core.pgmap;

import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.UseObserver;

/**
 * Takes {@code pgmap->ref} for each device page that gets its first user.
 *
 * <p>Gets that may fail run in a read section of RCU, and so before a pgmap that is killed
 * meanwhile can lose its struct pages. Gets that may not fail are those of someone who knows that
 * the pgmap is alive: under a page table that maps the page, or in the driver. Thread-safe.
 */
final class UseHolds implements UseObserver {
  private final StructPages pages;
  private final Pagemaps pagemaps;

  UseHolds(StructPages pages, Pagemaps pagemaps) {
    this.pages = pages;
    this.pagemaps = pagemaps;
  }

  @Override
  public boolean used(long pfn, long rec, boolean mayFail) {
    DevPagemap pgmap = pages.isZoneDevice(rec) ? pagemaps.byIndex(pages.pgmapIndex(rec)) : null;
    if (pgmap == null) {
      return true;
    }
    if (mayFail) {
      return pgmap.percpuRef().tryGetLive();
    }
    pgmap.percpuRef().get(1);
    return true;
  }
}
