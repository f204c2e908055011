package dev.pgmap.plugins.coherent;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.api.devmem.DevmemDriver;
import java.util.Optional;

/** The module {@code test_hmm_coherent}: {@code lib/test_hmm.c}, its coherent devices. */
public final class CoherentPlugin implements DeviceMemoryPlugin {
  static final String NAME = "test_hmm_coherent";

  /** Called by the host. */
  public CoherentPlugin() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<DevmemDriver> devmemDriver() {
    return Optional.of(new CoherentDriver());
  }
}
