package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import java.util.Map;

/**
 * Joins a namespace with what drives it: its claim in {@code /proc/iomem}, then the device.
 *
 * <p>Called without the bus lock, by whoever has claimed the namespace.
 */
final class NamespaceBinding {
  private final ResourceTree resources;
  private volatile Map<NamespaceMode, NamespaceDriver> drivers = Map.of();

  NamespaceBinding(ResourceTree resources) {
    this.resources = resources;
  }

  void setDrivers(Map<NamespaceMode, NamespaceDriver> byMode) {
    drivers = Map.copyOf(byMode);
  }

  /** Refuses with EBUSY while somebody has its device open for itself. */
  void checkUnused(Namespace namespace) {
    NamespaceDriver driver = drivers.get(namespace.mode());
    if (driver != null) {
      driver.checkUnused(namespace);
    }
  }

  @KernelFunction("nvdimm_bus_probe")
  void attach(Namespace namespace) {
    Resource claim =
        resources.request(namespace.config().claimedRange(), namespace.name(), ResourceKind.DEVICE);
    try {
      if (namespace.mode() != NamespaceMode.RAW) {
        namespace.setDeviceName(driver(namespace).attach(namespace));
      }
    } catch (RuntimeException e) {
      resources.release(claim);
      throw e;
    }
    namespace.setClaim(claim);
  }

  @KernelFunction("nvdimm_bus_remove")
  void detach(Namespace namespace) {
    if (namespace.mode() != NamespaceMode.RAW) {
      driver(namespace).detach(namespace);
      namespace.setDeviceName(null);
    }
    Resource claim = namespace.claim();
    if (claim != null) {
      namespace.setClaim(null);
      resources.release(claim);
    }
  }

  private NamespaceDriver driver(Namespace namespace) {
    NamespaceDriver present = drivers.get(namespace.mode());
    if (present == null) {
      throw new MmException(
          Errno.ENODEV,
          "nvdimm bus",
          "no driver for %s namespaces".formatted(namespace.mode().text()),
          "a started bus",
          "");
    }
    return present;
  }
}
