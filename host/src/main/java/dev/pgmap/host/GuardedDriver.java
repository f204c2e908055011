package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;

/** A plugin's dax driver as the engine gets to see it. */
final class GuardedDriver implements DaxDriver {
  private final String name;
  private final DaxDriver driver;
  private final PgmapConstraints constraints;
  private final PluginGuard guard;

  GuardedDriver(String name, DaxDriver driver, PgmapConstraints constraints, PluginGuard guard) {
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
  public void probe(DaxDevice device) {
    guard.run("probe", () -> driver.probe(new GuardedDevice(device, constraints, guard)));
  }
}
