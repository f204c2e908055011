package dev.pgmap.plugins.fsdax;

import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.trace.KernelFunction;

/**
 * The ops of fsdax pgmaps: whoever has the device mounted hears of pages that fail.
 *
 * <p>Free pages concern the engine alone, which wakes who waits for them; up to 5.15 it may kill
 * and await the reference as its own pgmaps do, so the other defaults serve.
 */
final class FsDaxPagemapOps implements DevPagemapOps {
  private final PmemDevice device;

  FsDaxPagemapOps(PmemDevice device) {
    this.device = device;
  }

  @KernelFunction("pmem_pagemap_memory_failure")
  @Override
  public int memoryFailure(Pagemap pgmap, long pfn, long nrPages, int mfFlags) {
    long offset = (pfn << FsDaxConstraints.PAGE_SHIFT) - device.dataRange().start();
    return device.notifyFailure(offset, nrPages << FsDaxConstraints.PAGE_SHIFT, mfFlags);
  }
}
