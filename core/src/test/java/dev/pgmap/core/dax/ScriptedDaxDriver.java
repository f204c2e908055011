package dev.pgmap.core.dax;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A driver that brings devices online in base pages, fails where told, and notes what it sees. */
final class ScriptedDaxDriver implements DaxDriver {
  final List<String> notes = new ArrayList<>();
  @Nullable String refused;
  boolean failAfterAll;

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public void probe(DaxDevice device) {
    if (device.name().equals(refused)) {
      throw new MmException(Errno.ENOMEM, device.name() + ": refused");
    }
    device.memremap(
        new PagemapSpec(
            device.name(), MemoryType.GENERIC, device.pagemapRanges(), 0, device.altmap(), null),
        DevPagemapOps.NONE);
    device.onDetach(() -> notes.add("after the node, alive " + device.isAlive()));
    device.addCdev(new File(device));
    device.onDetach(() -> notes.add("before the node, alive " + device.isAlive()));
    device.run();
    notes.add("probed " + device.name() + ", alive " + device.isAlive());
    if (failAfterAll) {
      throw new MmException(Errno.EIO, device.name() + ": late failure");
    }
  }

  private record File(DaxDevice device) implements MappableFile {
    @Override
    public void mmap(VmArea vma) {}

    @Override
    public int fault(FaultRequest fault) {
      if (fault.order() > 0) {
        return VmFault.FALLBACK;
      }
      long phys = device.pgoffToPhys(fault.pgoff(), 4096);
      return phys < 0 || !device.isAlive() ? VmFault.SIGBUS : fault.insert(phys >>> 12);
    }

    @Override
    public long mappingAlignBytes() {
      return 4096;
    }
  }
}
