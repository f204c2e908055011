package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.trace.KernelFunction;

/** {@code dmirror_exclusive}: the device uses pages alone, until a CPU touches them. */
final class MirrorExclusive {
  private static final int PAGES_PER_STEP = 64;

  private final PageMirror mirror;
  private final DeviceMemory memory;
  private final UserSpace user;
  private final OwnedPages pages;
  private final int pagesPerStep;

  MirrorExclusive(PageMirror mirror, DeviceMemory memory, UserSpace user, DevmemKernel kernel) {
    this.mirror = mirror;
    this.memory = memory;
    this.user = user;
    this.pages = kernel.pages();
    this.pagesPerStep = kernel.has(DevmemFeature.EXCLUSIVE_BY_PAGE) ? 1 : PAGES_PER_STEP;
  }

  /**
   * Takes a range.
   *
   * @throws MmException EBUSY if a page cannot be had now; what came before is taken
   */
  @KernelFunction("dmirror_exclusive")
  void take(long start, long end) {
    user.lockRead();
    try {
      for (long at = start; at < end; at += (long) pagesPerStep << 12) {
        takeSome(at, new long[(int) Math.min(pagesPerStep, end - at >>> 12)]);
      }
    } finally {
      user.unlockRead();
    }
  }

  private void takeSome(long start, long[] pfns) {
    int looked = user.makeExclusive(start, memory.owner(), pfns);
    boolean all = looked == pfns.length;
    for (int i = 0; i < looked; i++) {
      all &= pfns[i] >= 0;
    }
    if (all) {
      enter(start, pfns);
    }
    for (int i = 0; i < looked; i++) {
      if (pfns[i] >= 0) {
        pages.unlock(pfns[i]);
        pages.put(pfns[i]);
      }
    }
    if (!all) {
      throw new MmException(
          Errno.EBUSY, "exclusive 0x%x".formatted(start), "a page in use", "all pages", "");
    }
  }

  /** {@code dmirror_atomic_map}, while the pages are locked. */
  private void enter(long start, long[] pfns) {
    mirror.locked(pt -> {
      for (int i = 0; i < pfns.length; i++) {
        pt.put(start + ((long) i << 12), new MirrorTable.Entry(pfns[i], false, true));
      }
      return null;
    });
  }
}
