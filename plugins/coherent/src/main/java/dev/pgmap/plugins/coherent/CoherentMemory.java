package dev.pgmap.plugins.coherent;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.OwnedMemory;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;

/**
 * Memory at the one place that the device has it: a second chunk would lie over the first, and the
 * kernel refuses it.
 *
 * @param start its first address
 */
record CoherentMemory(long start) implements OwnedMemory {
  @Override
  public MemoryType type() {
    return MemoryType.COHERENT;
  }

  @Override
  public PhysRange claim(DevmemKernel kernel, long bytes, String name) {
    return PhysRange.ofLength(start, bytes);
  }

  @Override
  public void release(DevmemKernel kernel, PhysRange range) {}

  @Override
  public boolean needsBacking() {
    return false;
  }

  @Override
  public DevPagemapOps ops(DevmemKernel kernel, DeviceMemory memory) {
    return new CoherentPagemapOps(memory);
  }
}
