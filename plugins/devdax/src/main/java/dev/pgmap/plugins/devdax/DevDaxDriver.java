package dev.pgmap.plugins.devdax;

import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.trace.KernelFunction;

/** The driver {@code device_dax} on the dax bus. */
final class DevDaxDriver implements DaxDriver {
  @Override
  public String name() {
    return DevDaxPlugin.NAME;
  }

  /**
   * {@code dev_dax_probe}: memory online, node, alive. The engine undoes it in reverse: dead and
   * unmapped, no node, memory offline.
   */
  @KernelFunction("dev_dax_probe")
  @Override
  public void probe(DaxDevice device) {
    DevDaxConstraints.checkDevice(device);
    DevDaxState state = new DevDaxState(device, new DevDaxPagemapOps());
    device.memremap(state.pagemapSpec(), state.ops());
    device.addCdev(new DevDaxFile(device));
    device.run();
  }
}
