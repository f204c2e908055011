package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.api.devmem.DevmemDriver;
import java.util.Optional;

/** The module {@code test_hmm}: {@code lib/test_hmm.c}, its private devices. */
public final class DevicePrivatePlugin implements DeviceMemoryPlugin {
  static final String NAME = "test_hmm";

  /** Called by the host. */
  public DevicePrivatePlugin() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<DevmemDriver> devmemDriver() {
    return Optional.of(new DevicePrivateDriver());
  }
}
