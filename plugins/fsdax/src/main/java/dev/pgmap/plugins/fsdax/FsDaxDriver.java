package dev.pgmap.plugins.fsdax;

import dev.pgmap.api.fs.PmemDevice;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.api.trace.KernelFunction;

/** The driver {@code nd_pmem}. */
final class FsDaxDriver implements PmemDriver {
  @Override
  public String name() {
    return FsDaxPlugin.NAME;
  }

  /** {@code pmem_attach_disk}: memory online, then the disk. The engine undoes it in reverse. */
  @KernelFunction("pmem_attach_disk")
  @Override
  public void probe(PmemDevice device) {
    FsDaxConstraints.checkDevice(device);
    FsDaxState state = new FsDaxState(device, new FsDaxPagemapOps(device));
    device.memremap(state.pagemapSpec(), state.ops());
    device.addDisk();
  }
}
