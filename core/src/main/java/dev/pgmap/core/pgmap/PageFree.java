package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.sync.VarWaits;

/**
 * What follows when a device page becomes free: {@code free_zone_device_folio} and, for managed
 * pages, {@code free_devmap_managed_page}.
 *
 * <p>Order: uncharge, anon-exclusive, mapping, the driver's callback, and last the page's own
 * reference of its pgmap, so that the driver always runs with the pgmap alive. A kernel leaves a
 * large folio of device-private memory as it is until its pages are handed out again; here they are
 * base pages as soon as they are free, and the driver is told the order. Thread-safe.
 */
final class PageFree {
  private final KernelLog log;
  private final StructPages pages;
  private final PageRefs refs;
  private final Pagemaps pagemaps;
  private final PagemapPolicies policies;
  private final VarWaits waits;

  PageFree(
      KernelLog log,
      StructPages pages,
      PageRefs refs,
      Pagemaps pagemaps,
      PagemapPolicies policies,
      VarWaits waits) {
    this.log = log;
    this.pages = pages;
    this.refs = refs;
    this.pagemaps = pagemaps;
    this.policies = policies;
    this.waits = waits;
  }

  /** A managed page is idle: its count went from two to one. */
  @KernelFunction("free_devmap_managed_page")
  void idle(long pfn, long rec) {
    PagemapEvents.pageFree(pages.pgmapIndex(rec), pfn, 0);
    boolean isFsDax = pages.deviceType(rec) == MemoryType.FS_DAX.ordinal() + 1;
    if (isFsDax) {
      waits.wake(pfn);
    } else {
      pages.clearFlag(rec, PageFlag.WAITERS);
      pages.uncharge(rec);
      pages.setMapping(rec, 0);
    }
    if (!isFsDax || policies.scheme().isTold(MemoryType.FS_DAX)) {
      DevPagemap pgmap = pagemaps.byIndex(pages.pgmapIndex(rec));
      if (pgmap != null) {
        policies.freeCallback().call(pgmap, pfn, 0);
      }
    }
  }

  /** The count of a folio reached zero. */
  void zero(DevPagemap pgmap, long headPfn, long rec) {
    MemoryType type = pgmap.spec().type();
    int order = pages.order(headPfn);
    PagemapEvents.pageFree(pgmap.index(), headPfn, order);
    if (policies.hold().finalPutDropsPagemap()) {
      pagemaps.putDevPagemap(pgmap);
      return;
    }
    pages.uncharge(rec);
    if (type == MemoryType.FS_DAX) {
      waits.wake(headPfn);
    } else if (isTold(pgmap) && !tellDriver(pgmap, headPfn, rec, order)) {
      return;
    }
    if (policies.scheme().hasBase(type)) {
      refs.set(headPfn, rec, 1, true);
    }
    long nrHeld = policies.hold().refsOfFolio(type, order);
    if (nrHeld > 0) {
      pagemaps.putReferences(pgmap, nrHeld);
    }
    if (policies.hold() == PagemapHold.SWEEP) {
      waits.wake(headPfn);
    }
  }

  /** The sweep drops base references, so that GENERIC pages get here whose drivers have no op. */
  private boolean isTold(DevPagemap pgmap) {
    boolean swept = policies.hold() == PagemapHold.SWEEP && !pgmap.hasFreeOp();
    return policies.scheme().isTold(pgmap.spec().type()) && !swept;
  }

  /** The last user of a page that keeps its base reference lets go of the pgmap. */
  void unhold(long headPfn, long rec) {
    DevPagemap pgmap = pages.isZoneDevice(rec) ? pagemaps.byIndex(pages.pgmapIndex(rec)) : null;
    if (pgmap != null) {
      pagemaps.putReferences(
          pgmap, policies.hold().refsOfFolio(pgmap.spec().type(), pages.order(headPfn)));
    }
  }

  private boolean tellDriver(DevPagemap pgmap, long headPfn, long rec, int order) {
    if (!pgmap.hasFreeOp()) {
      log.warnOnce("no-page-free", "free_zone_device_page: %s has no page_free method", pgmap);
      return false;
    }
    for (long pfn = headPfn; pfn < headPfn + (1L << order); pfn++) {
      pages.clearFlag(pages.record(pfn), PageFlag.OWNER_2);
    }
    pages.setMapping(rec, 0);
    if (order > 0 && policies.resizable().contains(pgmap.spec().type())) {
      pages.resetToBasePages(headPfn, order, pgmap.pageWord());
    }
    policies.freeCallback().call(pgmap, headPfn, order);
    return true;
  }
}
