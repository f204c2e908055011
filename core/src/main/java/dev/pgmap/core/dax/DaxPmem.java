package dev.pgmap.core.dax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.hotplug.MemoryBlocks;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceDriver;

/** Makes a static dax region and its device from a namespace: the {@code dax_pmem} driver. */
public final class DaxPmem implements NamespaceDriver {
  private final DaxBus bus;
  private final MemoryBlocks memory;

  /**
   * The driver that adds to this bus.
   *
   * @param memory where memory of its devices may be in use as System RAM
   */
  public DaxPmem(DaxBus bus, MemoryBlocks memory) {
    this.bus = bus;
    this.memory = memory;
  }

  @Override
  public String attach(Namespace namespace) {
    return bus.addStatic(namespace).name();
  }

  @Override
  public void checkUnused(Namespace namespace) {
    String name = namespace.deviceName();
    if (name != null && KmemDriver.isOnline(bus.device(name), memory)) {
      throw new MmException(
          Errno.EBUSY,
          namespace.name(),
          name + " has memory online as System RAM",
          "all of it offline",
          "daxctl reconfigure-device -f -m devdax " + name);
    }
  }

  @Override
  public void detach(Namespace namespace) {
    String device = namespace.deviceName();
    if (device != null) {
      bus.removeStatic(device);
    }
  }
}
