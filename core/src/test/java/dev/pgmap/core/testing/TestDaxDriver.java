package dev.pgmap.core.testing;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.dax.DaxDevice;
import dev.pgmap.api.dax.DaxDriver;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;

/**
 * A device-dax driver for tests of the engine, which cannot see the plugin.
 *
 * <p>It asks for compounds of the device's alignment and maps with entries of exactly that size;
 * the area checks of the real driver are left out.
 */
public final class TestDaxDriver implements DaxDriver {
  private final DevPagemapOps ops;

  /** A driver whose pgmaps have no ops of their own. */
  public TestDaxDriver() {
    this(DevPagemapOps.NONE);
  }

  /** A driver whose pgmaps have these ops. */
  public TestDaxDriver(DevPagemapOps ops) {
    this.ops = ops;
  }

  @Override
  public String name() {
    return "device_dax";
  }

  @Override
  public void probe(DaxDevice device) {
    int order = Long.numberOfTrailingZeros(device.alignBytes()) - 12;
    device.memremap(
        new PagemapSpec(
            device.name(),
            MemoryType.GENERIC,
            device.pagemapRanges(),
            order,
            device.altmap(),
            null),
        ops);
    device.addCdev(new Node(device, order));
    device.run();
  }

  private record Node(DaxDevice device, int order) implements MappableFile {
    @Override
    public void mmap(VmArea vma) {
      if (!vma.isShared()) {
        throw new MmException(Errno.EINVAL, device.name(), "private", "shared", "");
      }
    }

    @Override
    public int fault(FaultRequest fault) {
      if (!device.isAlive() || fault.order() < order) {
        return VmFault.SIGBUS;
      }
      if (fault.order() > order) {
        return VmFault.FALLBACK;
      }
      long first = fault.address() & -device.alignBytes();
      long pgoff = fault.vma().pgoff() + ((first - fault.vma().start()) >>> 12);
      long phys = device.pgoffToPhys(pgoff, device.alignBytes());
      return phys < 0 ? VmFault.SIGBUS : fault.insert(phys >>> 12);
    }

    @Override
    public long mappingAlignBytes() {
      return device.alignBytes();
    }
  }
}
