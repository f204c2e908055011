package dev.pgmap.plugins.coherent;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;

/** The ops of coherent pgmaps: pages go back on the lists. CPUs reach them, so none faults back. */
final class CoherentPagemapOps implements DevPagemapOps {
  private final DeviceMemory memory;

  CoherentPagemapOps(DeviceMemory memory) {
    this.memory = memory;
  }

  @Override
  public void pageFree(Pagemap pgmap, long pfn) {
    memory.freed(pfn, 0);
  }

  @Override
  public void folioFree(Pagemap pgmap, long headPfn, int order) {
    memory.freed(headPfn, order);
  }

  @Override
  public void folioSplit(Pagemap pgmap, long headPfn, long tailPfn) {
    memory.split(headPfn, tailPfn);
  }
}
