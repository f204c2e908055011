package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.OwnedMemory;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PhysRange;

/**
 * Memory at addresses that nothing else has; its bytes are kept in RAM, since no CPU reaches it.
 */
final class PrivateMemory implements OwnedMemory {
  @Override
  public MemoryType type() {
    return MemoryType.PRIVATE;
  }

  @Override
  public PhysRange claim(DevmemKernel kernel, long bytes, String name) {
    return kernel.requestFreeRegion(bytes, name);
  }

  @Override
  public void release(DevmemKernel kernel, PhysRange range) {
    kernel.releaseRegion(range);
  }

  @Override
  public boolean needsBacking() {
    return true;
  }

  @Override
  public DevPagemapOps ops(DevmemKernel kernel, DeviceMemory memory) {
    return new DevicePrivatePagemapOps(kernel, memory);
  }
}
