package dev.pgmap.core.migrate;

import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import org.jspecify.annotations.Nullable;

/** {@code migrate_device_pages}: hands what is known of each source to its destination. */
final class Mover {
  private final MmContext context;
  private final FaultPage faultPage;
  private final FolioMove folios;
  private final @Nullable HoleFiller holes;

  /** Moves; {@code holes} is for elements without a source page, null where there can be none. */
  Mover(MmContext context, FaultPage faultPage, @Nullable HoleFiller holes) {
    this.context = context;
    this.faultPage = faultPage;
    this.folios = new FolioMove(context);
    this.holes = holes;
  }

  /** Clears MIGRATE of each source that does not move. */
  @KernelFunction("__migrate_device_pages")
  void move(long[] src, long[] dst) {
    try {
      for (int i = 0; i < src.length; i++) {
        if (!MigratePfn.hasPage(dst[i]) || !isMoved(i, src[i], MigratePfn.pfn(dst[i]))) {
          src[i] &= ~MigratePfn.MIGRATE;
        }
      }
    } finally {
      if (holes != null) {
        holes.end();
      }
    }
  }

  private boolean isMoved(int i, long src, long dstPfn) {
    if (!MigratePfn.isMigrating(src)) {
      return false;
    }
    if (!MigratePfn.hasPage(src)) {
      return holes != null && holes.insert(i, dstPfn);
    }
    long srcHead = context.pages().headPfn(MigratePfn.pfn(src));
    long dstHead = context.pages().headPfn(dstPfn);
    return mayHold(dstHead, srcHead) && folios.move(srcHead, dstHead, faultPage.refsOf(srcHead));
  }

  /** A device can hold anonymous memory only; other kinds of device memory hold none at all. */
  private boolean mayHold(long dstHead, long srcHead) {
    if (!DeviceFolio.isDevice(context, dstHead)) {
      return true;
    }
    return Rmap.isAnonymous(context.pages(), srcHead)
        && (DeviceFolio.is(context, dstHead, MemoryType.PRIVATE)
            || DeviceFolio.is(context, dstHead, MemoryType.COHERENT));
  }
}
