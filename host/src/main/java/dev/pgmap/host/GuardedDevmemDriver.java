package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.devmem.DevmemKernel;

/**
 * A plugin's driver of devices that own memory, as the engine gets to see it.
 *
 * <p>The ops of its pgmaps go to the engine as they are: it looks at which of them there are.
 */
final class GuardedDevmemDriver implements DevmemDriver {
  private final PgmapConstraints constraints;
  private final DevmemDriver driver;
  private final PluginGuard guard;

  GuardedDevmemDriver(PgmapConstraints constraints, DevmemDriver driver, PluginGuard guard) {
    this.constraints = constraints;
    this.driver = driver;
    this.guard = guard;
  }

  @Override
  public String name() {
    return constraints.module();
  }

  @Override
  public void load(DevmemKernel kernel) {
    guard.run("load", () -> driver.load(kernel));
  }

  @Override
  public void unload() {
    guard.run("unload", driver::unload);
  }
}
