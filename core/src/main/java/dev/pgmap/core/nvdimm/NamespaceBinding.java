package dev.pgmap.core.nvdimm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.phys.Resource;
import dev.pgmap.core.phys.ResourceKind;
import dev.pgmap.core.phys.ResourceTree;
import org.jspecify.annotations.Nullable;

/**
 * Joins a namespace with what drives it: its claim in {@code /proc/iomem}, then the device.
 *
 * <p>Called without the bus lock, by whoever has claimed the namespace.
 */
final class NamespaceBinding {
  private final ResourceTree resources;
  private volatile @Nullable NamespaceDriver driver;

  NamespaceBinding(ResourceTree resources) {
    this.resources = resources;
  }

  void setDriver(NamespaceDriver driver) {
    this.driver = driver;
  }

  @KernelFunction("nvdimm_bus_probe")
  void attach(Namespace namespace) {
    Resource claim =
        resources.request(namespace.config().claimedRange(), namespace.name(), ResourceKind.DEVICE);
    try {
      if (namespace.mode() == NamespaceMode.DEVDAX) {
        namespace.setDeviceName(driver().attach(namespace));
      }
    } catch (RuntimeException e) {
      resources.release(claim);
      throw e;
    }
    namespace.setClaim(claim);
  }

  @KernelFunction("nvdimm_bus_remove")
  void detach(Namespace namespace) {
    if (namespace.mode() == NamespaceMode.DEVDAX) {
      driver().detach(namespace);
      namespace.setDeviceName(null);
    }
    Resource claim = namespace.claim();
    if (claim != null) {
      namespace.setClaim(null);
      resources.release(claim);
    }
  }

  private NamespaceDriver driver() {
    NamespaceDriver present = driver;
    if (present == null) {
      throw new MmException(
          Errno.ENODEV, "nvdimm bus", "no driver for devdax namespaces", "a started bus", "");
    }
    return present;
  }
}
