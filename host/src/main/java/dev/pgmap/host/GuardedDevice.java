package dev.pgmap.host;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.PgmapConstraints;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.pgmap.AltmapSpec;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dax device as a plugin gets to see it: holds the plugin to its constraints, and guards what it
 * leaves with the engine.
 */
final class GuardedDevice implements DaxDevice {
  private final DaxDevice device;
  private final PgmapConstraints constraints;
  private final PluginGuard guard;

  GuardedDevice(DaxDevice device, PgmapConstraints constraints, PluginGuard guard) {
    this.device = device;
    this.constraints = constraints;
    this.guard = guard;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public long alignBytes() {
    return device.alignBytes();
  }

  @Override
  public List<Long> mappingBytes() {
    return device.mappingBytes();
  }

  @Override
  public List<PhysRange> dataRanges() {
    return device.dataRanges();
  }

  @Override
  public List<PhysRange> pagemapRanges() {
    return device.pagemapRanges();
  }

  @Override
  public @Nullable AltmapSpec altmap() {
    return device.altmap();
  }

  @Override
  public boolean isAlive() {
    return device.isAlive();
  }

  @Override
  public long pgoffToPhys(long pgoff, long bytes) {
    return device.pgoffToPhys(pgoff, bytes);
  }

  /** The ops go to the engine as they are: it looks at which of them the plugin supplies. */
  @Override
  public Pagemap memremap(PagemapSpec spec, DevPagemapOps ops) {
    checkStated(spec, constraints);
    return device.memremap(spec, ops);
  }

  /**
   * Refuses what a plugin has not stated.
   *
   * @throws MmException EINVAL
   */
  static void checkStated(PagemapSpec spec, PgmapConstraints constraints) {
    if (!constraints.types().contains(spec.type())
        || !constraints.shifts().contains(spec.vmemmapShift())) {
      throw new MmException(
          Errno.EINVAL,
          constraints.module() + ": memremap of " + spec.name(),
          spec.type() + " with vmemmap_shift " + spec.vmemmapShift(),
          "what its constraints state: %s with %s"
              .formatted(constraints.types(), constraints.shifts()),
          "correct " + ConstraintsFile.PATH);
    }
  }

  @Override
  public void addCdev(MappableFile file) {
    device.addCdev(new GuardedFile(file, guard));
  }

  @Override
  public void run() {
    device.run();
  }

  @Override
  public void onDetach(Runnable action) {
    device.onDetach(() -> guard.run("a detach action", action));
  }
}
