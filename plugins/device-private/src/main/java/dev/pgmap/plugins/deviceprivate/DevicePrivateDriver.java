package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.trace.KernelFunction;
import java.util.ArrayList;
import java.util.List;

/** The driver of {@code /dev/hmm_dmirror0} and {@code 1}. */
final class DevicePrivateDriver implements DevmemDriver {
  private final List<DevicePrivateState> devices = new ArrayList<>();

  @Override
  public String name() {
    return DevicePrivatePlugin.NAME;
  }

  @KernelFunction("hmm_dmirror_init")
  @Override
  public void load(DevmemKernel kernel) {
    PrivateMemory kind = new PrivateMemory();
    for (int i = 0; i < DevicePrivateConstraints.NR_DEVICES; i++) {
      String node = DevicePrivateConstraints.node(i);
      DeviceMemory memory =
          kernel.newMemory(
              DevicePrivateConstraints.REGION, DevicePrivateConstraints.owner(i), kind);
      devices.add(new DevicePrivateState(node, memory));
      kernel.addMirrorNode(node, memory);
    }
    kernel.info("HMM test module loaded. This is only for testing HMM.");
  }

  @KernelFunction("hmm_dmirror_exit")
  @Override
  public void unload() {
    devices.forEach(device -> device.memory().removeChunks());
    devices.clear();
  }
}
