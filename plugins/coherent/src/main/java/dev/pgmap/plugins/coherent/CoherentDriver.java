package dev.pgmap.plugins.coherent;

import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.trace.KernelFunction;
import java.util.ArrayList;
import java.util.List;

/** The driver of {@code /dev/hmm_dmirror2} and {@code 3}, if both have memory. */
final class CoherentDriver implements DevmemDriver {
  private final List<CoherentState> devices = new ArrayList<>();

  @Override
  public String name() {
    return CoherentPlugin.NAME;
  }

  /** Kernels without such memory, and modules without both parameters, have no such devices. */
  @KernelFunction("hmm_dmirror_init")
  @Override
  public void load(DevmemKernel kernel) {
    boolean all =
        CoherentConstraints.PARAMETERS.stream().allMatch(name -> kernel.parameter(name) != 0);
    if (!all || !kernel.has(DevmemFeature.COHERENT)) {
      return;
    }
    for (int i = 0; i < CoherentConstraints.PARAMETERS.size(); i++) {
      long start = kernel.parameter(CoherentConstraints.PARAMETERS.get(i));
      String node = CoherentConstraints.node(i);
      DeviceMemory memory =
          kernel.newMemory(
              CoherentConstraints.REGION, CoherentConstraints.owner(i), new CoherentMemory(start));
      devices.add(new CoherentState(node, memory));
      kernel.addMirrorNode(node, memory);
    }
  }

  @KernelFunction("hmm_dmirror_exit")
  @Override
  public void unload() {
    devices.forEach(device -> device.memory().removeChunks());
    devices.clear();
  }
}
