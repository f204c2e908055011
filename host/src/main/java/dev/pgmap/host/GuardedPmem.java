package dev.pgmap.host;

import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import org.jspecify.annotations.Nullable;

/** A pmem device as a plugin gets to see it: holds the plugin to its constraints. */
final class GuardedPmem implements PmemDevice {
  private final PmemDevice device;
  private final PgmapConstraints constraints;
  private final PluginGuard guard;

  GuardedPmem(PmemDevice device, PgmapConstraints constraints, PluginGuard guard) {
    this.device = device;
    this.constraints = constraints;
    this.guard = guard;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public PhysRange dataRange() {
    return device.dataRange();
  }

  @Override
  public PhysRange pagemapRange() {
    return device.pagemapRange();
  }

  @Override
  public @Nullable AltmapSpec altmap() {
    return device.altmap();
  }

  @Override
  public boolean isAlive() {
    return device.isAlive();
  }

  /** The ops go to the engine as they are: it looks at which of them the plugin supplies. */
  @Override
  public Pagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    GuardedDevice.checkStated(spec, constraints);
    return device.memremap(spec, ops);
  }

  @Override
  public void addDisk() {
    device.addDisk();
  }

  @Override
  public void onDetach(Runnable action) {
    device.onDetach(() -> guard.run("a detach action", action));
  }

  @Override
  public int notifyFailure(long offset, long bytes, int mfFlags) {
    return device.notifyFailure(offset, bytes, mfFlags);
  }
}
