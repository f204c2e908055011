package dev.pgmap.plugins.devdax;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.api.dax.DaxDriver;
import java.util.Optional;

/** The module {@code device_dax}: {@code drivers/dax/device.c}. */
public final class DevDaxPlugin implements DeviceMemoryPlugin {
  static final String NAME = "device_dax";

  /** Called by the host. */
  public DevDaxPlugin() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<DaxDriver> daxDriver() {
    return Optional.of(new DevDaxDriver());
  }
}
