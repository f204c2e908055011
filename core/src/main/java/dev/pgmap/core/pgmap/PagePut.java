package dev.pgmap.core.pgmap;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RefWord;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.sync.Sync;
import org.jspecify.annotations.Nullable;

/**
 * Drops page references: {@code folio_put_refs} and what a final put does.
 *
 * <p>A put on a page whose memory is gone is what a kernel oopses on; here it is reported, in the
 * kernel log and by {@link NoStructPage}, and nothing is touched. Thread-safe.
 */
public final class PagePut {
  private final Sync sync;
  private final KernelLog log;
  private final StructPages pages;
  private final PageRefs refs;
  private final Pagemaps pagemaps;
  private final Ram ram;
  private final ManagedKey managedKey;
  private final PageFree free;
  private final boolean holdsByUse;

  /** Puts for one machine. */
  public PagePut(
      Sync sync, KernelLog log, StructPages pages, PageRefs refs, Pagemaps pagemaps, Ram ram) {
    this.sync = sync;
    this.log = log;
    this.pages = pages;
    this.refs = refs;
    this.pagemaps = pagemaps;
    this.ram = ram;
    this.managedKey = pagemaps.managedKey();
    this.free = pagemaps.pageFree();
    this.holdsByUse = pagemaps.policies().hold() == PagemapHold.TRANSITIONS;
  }

  /**
   * Drops references of the folio that a pfn is in.
   *
   * @throws NoStructPage if the page was removed; recorded as an oops
   * @throws dev.pgmap.core.page.RefUnderflow if users hold fewer
   */
  @KernelFunction("folio_put_refs")
  public void put(long pfn, int nrRefs) {
    int token = sync.rcu().readLock();
    long headPfn;
    boolean last;
    try {
      headPfn = pages.headPfn(pfn);
      last = drop(headPfn, pages.record(headPfn), nrRefs);
    } catch (NoStructPage e) {
      throw reported(e, "put");
    } finally {
      sync.rcu().readUnlock(token);
    }
    if (last) {
      freed(headPfn);
    }
  }

  /**
   * As {@link #put}, by a caller that does not know of managed pages: one that becomes idle wakes
   * nobody. What the block layer of 6.0 to 6.4 did.
   */
  @KernelFunction("folio_put")
  public void putWithoutWaking(long pfn, int nrRefs) {
    int token = sync.rcu().readLock();
    long headPfn;
    boolean last;
    try {
      headPfn = pages.headPfn(pfn);
      last = refs.modAndTest(headPfn, pages.record(headPfn), -nrRefs);
    } catch (NoStructPage e) {
      throw reported(e, "put");
    } finally {
      sync.rcu().readUnlock(token);
    }
    if (last) {
      freed(headPfn);
    }
  }

  /**
   * Drops references, and does what follows where a managed page becomes idle.
   *
   * @return whether the count is now zero; the caller then calls {@link #freed}
   * @throws dev.pgmap.core.page.RefUnderflow if users hold fewer
   */
  public boolean drop(long headPfn, long headRec, int nrRefs) {
    boolean managed = managedKey.covers(pages, headRec);
    if (holdsByUse) {
      return dropHeldByUse(headPfn, headRec, nrRefs, managed);
    }
    return managed
        ? dropManaged(headPfn, headRec, nrRefs)
        : refs.modAndTest(headPfn, headRec, -nrRefs);
  }

  /** As {@link #drop}, where the last user lets go of the pgmap too. */
  private boolean dropHeldByUse(long headPfn, long headRec, int nrRefs, boolean managed) {
    if (managed) {
      int left = refs.modAndReturn(headPfn, headRec, -nrRefs);
      if (left == 1) {
        free.idle(headPfn, headRec);
        free.unhold(headPfn, headRec);
      }
      return false;
    }
    if (!refs.modAndTestIdle(headPfn, headRec, -nrRefs)) {
      return false;
    }
    boolean zero = !RefWord.hasBase(refs.word(headRec));
    if (!zero) {
      free.unhold(headPfn, headRec);
    }
    return zero;
  }

  /** {@code put_devmap_managed_page_refs}. */
  @KernelFunction("__put_devmap_managed_page_refs")
  private boolean dropManaged(long pfn, long rec, int nrRefs) {
    int left = refs.modAndReturn(pfn, rec, -nrRefs);
    if (left == 1) {
      free.idle(pfn, rec);
    }
    return left == 0;
  }

  /** Records a use of a removed page as the oops it would be, and hands it back for throwing. */
  public NoStructPage reported(NoStructPage e, String what) {
    if (e.wasRemoved()) {
      log.bug(
          "use of a removed struct page: %s by %s: %s", what, sync.currentTask(), e.getMessage());
    }
    return e;
  }

  private void freeRam(long headPfn, int order) {
    if (order > 0) {
      pages.resetToBasePages(headPfn, order, 0);
    }
    ram.freePages(headPfn, 1L << order);
  }

  /** What the final put of a folio does ({@code free_zone_device_page}, or freeing RAM). */
  @KernelFunction("free_zone_device_folio")
  public void freed(long headPfn) {
    long rec = pages.record(headPfn);
    if (!pages.isZoneDevice(rec)) {
      freeRam(headPfn, pages.order(headPfn));
      return;
    }
    @Nullable DevPagemap pgmap = pagemaps.byIndex(pages.pgmapIndex(rec));
    if (pgmap == null) {
      log.warn("final put of page 0x%x, which belongs to no pgmap", headPfn);
    } else {
      free.zero(pgmap, headPfn, rec);
    }
  }
}
