package dev.pgmap.core.pgmap;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageLocks;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;

/**
 * Hands out free pages of memory that a device owns ({@code zone_device_page_init}).
 *
 * <p>The driver keeps its own list of free pages; it calls this for one it has just taken off the
 * list, and hears by the callback of its ops when the last user has let go. Thread-safe.
 */
public final class DevicePages {
  private final KernelLog log;
  private final StructPages pages;
  private final PageRefs refs;
  private final PageLocks locks;
  private final PagemapPolicies policies;

  /** Pages of the pgmaps of one machine. */
  public DevicePages(
      KernelLog log, StructPages pages, PageRefs refs, PageLocks locks, PagemapPolicies policies) {
    this.log = log;
    this.pages = pages;
    this.refs = refs;
    this.locks = locks;
    this.policies = policies;
  }

  /** Whether this kernel can make a folio of more than one page of this type. */
  public boolean isResizable(MemoryType type) {
    return policies.resizable().contains(type);
  }

  /**
   * Gives a free page its first user reference, and locks it. From 6.1 on the page holds its pgmap
   * from now until its final put; in the kernels before, a 1-based free page gets a reference more
   * (up to 5.17), or the one it shows is the user's (5.18).
   *
   * @param headPfn the page, or the first of the folio: a multiple of its pages
   * @param order of the folio that is made of the pages; 0 where folios keep their order
   * @throws MmException EINVAL for a folio that this kernel cannot make; nothing changed
   * @throws IllegalStateException if the page is not free
   */
  @KernelFunction("zone_device_page_init")
  public void init(DevPagemap pgmap, long headPfn, int order) {
    MemoryType type = pgmap.spec().type();
    checkFolio(pgmap, headPfn, order);
    long rec = pages.record(headPfn);
    if (policies.scheme().isManaged(type)) {
      requireFree(headPfn, refs.count(rec) == 1);
      refs.mod(headPfn, rec, 1);
    } else if (policies.scheme().hasBase(type)) {
      requireFree(headPfn, refs.handOut(rec));
      holdPagemap(pgmap, order);
    } else {
      requireFree(headPfn, refs.count(rec) == 0);
      holdPagemap(pgmap, order);
      shape(pgmap, headPfn, order);
      refs.set(headPfn, rec, 1, false);
    }
    locks.lock(headPfn);
  }

  private void checkFolio(DevPagemap pgmap, long headPfn, int order) {
    boolean fits =
        order == 0
            || order > 0
                && isResizable(pgmap.spec().type())
                && (headPfn & (1L << order) - 1) == 0
                && pgmap.isPfnValid(headPfn + (1L << order) - 1);
    if (!fits || !pgmap.isPfnValid(headPfn)) {
      throw new MmException(
          Errno.EINVAL,
          "page 0x%x of %s".formatted(headPfn, pgmap),
          "a folio of order " + order,
          "pages of this pgmap, and an order and alignment that this kernel can make",
          "use order 0");
    }
  }

  private static void requireFree(long pfn, boolean free) {
    if (!free) {
      throw new IllegalStateException("page 0x%x is handed out twice".formatted(pfn));
    }
  }

  private void holdPagemap(DevPagemap pgmap, int order) {
    long nr = policies.hold().refsOfFolio(pgmap.spec().type(), order);
    if (nr > 0 && !pgmap.percpuRef().tryGetLive(nr)) {
      log.warn("zone_device_page_init: %s is dying", pgmap);
    }
  }

  /** Whatever an earlier folio left in the records is gone: 7.0 clears it page by page. */
  private void shape(DevPagemap pgmap, long headPfn, int order) {
    if (isResizable(pgmap.spec().type())) {
      pages.resetToBasePages(headPfn, order, pgmap.pageWord());
      if (order > 0) {
        pages.prepCompound(headPfn, order);
      }
    }
  }
}
