package dev.pgmap.core.dax;

import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.NamespaceDriver;

/** Makes a static dax region and its device from a namespace: the {@code dax_pmem} driver. */
public final class DaxPmem implements NamespaceDriver {
  private final DaxBus bus;

  /** The driver that adds to this bus. */
  public DaxPmem(DaxBus bus) {
    this.bus = bus;
  }

  @Override
  public String attach(Namespace namespace) {
    return bus.addStatic(namespace).name();
  }

  @Override
  public void detach(Namespace namespace) {
    String device = namespace.deviceName();
    if (device != null) {
      bus.removeStatic(device);
    }
  }
}
