package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.fs.PmemDriver;

/** A plugin's pmem driver as the engine gets to see it. */
final class GuardedPmemDriver implements PmemDriver {
  private final String name;
  private final PmemDriver driver;
  private final PgmapConstraints constraints;
  private final PluginGuard guard;

  GuardedPmemDriver(
      String name, PmemDriver driver, PgmapConstraints constraints, PluginGuard guard) {
    this.name = name;
    this.driver = driver;
    this.constraints = constraints;
    this.guard = guard;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void probe(PmemDevice device) {
    guard.run("probe", () -> driver.probe(new GuardedPmem(device, constraints, guard)));
  }
}
