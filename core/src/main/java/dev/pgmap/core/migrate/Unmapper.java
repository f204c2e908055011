package dev.pgmap.core.migrate;

import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.page.StructPages;

/**
 * {@code migrate_device_unmap}: takes the collected folios off the LRU, unmaps what other mappings
 * there are, and lets those go that somebody else holds.
 */
final class Unmapper {
  private final MmContext context;
  private final StructPages pages;
  private final FaultPage faultPage;
  private final MigrationEntries entries;
  private final Lru lru;

  Unmapper(MmContext context, FaultPage faultPage) {
    this.context = context;
    this.pages = context.pages();
    this.faultPage = faultPage;
    this.entries = new MigrationEntries(context);
    this.lru = new Lru(context);
  }

  /**
   * Unmaps; elements that cannot move become 0, and their pages are as they were.
   *
   * @return how many elements still have MIGRATE set
   */
  @KernelFunction("migrate_vma_unmap")
  int unmap(long[] src) {
    int unmapped = 0;
    for (int i = 0; i < src.length; i++) {
      boolean moves =
          MigratePfn.hasPage(src[i])
              ? unmapPage(MigratePfn.pfn(src[i]))
              : MigratePfn.isMigrating(src[i]);
      unmapped += moves ? 1 : 0;
      if (!moves) {
        src[i] &= ~MigratePfn.MIGRATE;
      }
    }
    for (int i = 0; i < src.length; i++) {
      if (MigratePfn.hasPage(src[i]) && !MigratePfn.isMigrating(src[i])) {
        giveBack(pages.headPfn(MigratePfn.pfn(src[i])));
        src[i] = 0;
      }
    }
    return unmapped;
  }

  private boolean unmapPage(long pfn) {
    long head = pages.headPfn(pfn);
    boolean device = DeviceFolio.isDevice(context, head);
    if (!device) {
      lru.isolate(head);
      context.put().put(head, 1);
    }
    if (Rmap.mapcount(pages, head) > 0) {
      entries.set(head);
    }
    if (Rmap.mapcount(pages, head) > 0 || isHeldElsewhere(head, device)) {
      if (!device) {
        context.refs().mod(head, pages.record(head), 1);
        lru.putBack(head);
      }
      return false;
    }
    return true;
  }

  /**
   * {@code migrate_vma_check_page}. For device pages it allows one reference too many, from the
   * time of 1-based counts; {@link FolioMove} is exact.
   */
  private boolean isHeldElsewhere(long head, boolean device) {
    int extra = 1 + faultPage.refsOf(head) + (device ? 1 : 0) + (hasFile(head) ? 1 : 0);
    return context.refs().count(pages.record(head)) - extra > Rmap.mapcount(pages, head);
  }

  private boolean hasFile(long head) {
    return !Rmap.isAnonymous(pages, head);
  }

  private void giveBack(long head) {
    entries.remove(head, head);
    if (!faultPage.keepsLock(head)) {
      context.locks().unlock(head);
    }
    context.put().put(head, 1);
  }
}
