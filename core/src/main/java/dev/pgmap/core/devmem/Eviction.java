package dev.pgmap.core.devmem;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.trace.KernelFunction;

/** Brings pages of a device back to RAM by their numbers ({@code dmirror_device_evict_chunk}). */
final class Eviction {
  private final DevmemKernel kernel;
  private final DeviceMemory memory;

  Eviction(DevmemKernel kernel, DeviceMemory memory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  @KernelFunction("dmirror_device_evict_chunk")
  void run(long firstPfn, int npages) {
    Migration migration = kernel.migrateRange(firstPfn, npages);
    new CopyBack(kernel.pages(), memory).fill(migration.src(), migration.dst());
    migration.pages();
    migration.finish();
  }

  /** Allocates and fills a page of RAM for each source. */
  record CopyBack(OwnedPages pages, DeviceMemory memory) {
    void fill(long[] src, long[] dst) {
      for (int i = 0; i < src.length; i++) {
        if (MigratePfn.isMigrating(src[i]) && MigratePfn.hasPage(src[i])) {
          dst[i] = copy(MigratePfn.pfn(src[i])) | src[i] & MigratePfn.WRITE;
        }
      }
    }

    private long copy(long pfn) {
      long page = pages.allocSystem(0);
      pages.copy(memory.backing(pfn), page, 1);
      return MigratePfn.of(page);
    }
  }
}
