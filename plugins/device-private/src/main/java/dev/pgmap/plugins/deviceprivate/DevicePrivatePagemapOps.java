package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;

/** The ops of device-private pgmaps: pages go back on the lists, and back to RAM for a CPU. */
final class DevicePrivatePagemapOps implements DevPagemapOps {
  private final DevmemKernel kernel;
  private final DeviceMemory memory;

  DevicePrivatePagemapOps(DevmemKernel kernel, DeviceMemory memory) {
    this.kernel = kernel;
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
  public int migrateToRam(RamFault fault) {
    return new FaultBack(kernel, memory).run(fault);
  }

  @Override
  public void folioSplit(Pagemap pgmap, long headPfn, long tailPfn) {
    memory.split(headPfn, tailPfn);
  }
}
