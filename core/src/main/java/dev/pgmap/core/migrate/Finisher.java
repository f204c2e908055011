package dev.pgmap.core.migrate;

import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;

/**
 * {@code migrate_device_finalize}: maps the destination, or the source again, and lets go of both.
 */
final class Finisher {
  private final MmContext context;
  private final FaultPage faultPage;
  private final MigrationEntries entries;
  private final Lru lru;

  Finisher(MmContext context, FaultPage faultPage) {
    this.context = context;
    this.faultPage = faultPage;
    this.entries = new MigrationEntries(context);
    this.lru = new Lru(context);
  }

  @KernelFunction("__migrate_device_finalize")
  void finish(long[] src, long[] dst) {
    for (int i = 0; i < src.length; i++) {
      boolean hasDst = MigratePfn.hasPage(dst[i]);
      long dstHead = hasDst ? context.pages().headPfn(MigratePfn.pfn(dst[i])) : -1;
      if (MigratePfn.hasPage(src[i])) {
        finishPage(src[i], dstHead);
      } else if (hasDst) {
        letGo(dstHead);
      }
    }
  }

  private void finishPage(long src, long dstHead) {
    long srcHead = context.pages().headPfn(MigratePfn.pfn(src));
    boolean moved = MigratePfn.isMigrating(src) && dstHead >= 0;
    if (!moved && dstHead >= 0) {
      letGo(dstHead);
    }
    long mapped = moved ? dstHead : srcHead;
    // Only what stays mapped goes on a list: a source that moved is about to be freed.
    if (!DeviceFolio.isDevice(context, mapped)) {
      lru.add(mapped);
    }
    entries.remove(srcHead, mapped);
    if (!faultPage.keepsLock(srcHead)) {
      context.locks().unlock(srcHead);
    }
    context.put().put(srcHead, 1);
    if (moved) {
      letGo(dstHead);
    }
  }

  private void letGo(long head) {
    context.locks().unlock(head);
    context.put().put(head, 1);
  }
}
