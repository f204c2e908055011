package dev.pgmap.core.testing;

import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemDriver;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.devmem.OwnedMemory;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Two devices with private memory, and two with coherent memory where the kernel has it. */
public final class TestDevmemDriver implements DevmemDriver {
  /** Where the coherent memory of the first of its devices lies. */
  public static final long COHERENT_START = 0x2_0000_0000L;

  private static final long CHUNK = 256L << 20;

  public final List<DeviceMemory> memories = new ArrayList<>();
  public final AtomicInteger faultsBack = new AtomicInteger();

  /** Told when a fault begins, when its page is collected, and when it is done. */
  public volatile Consumer<String> onFault = step -> {};

  @Override
  public String name() {
    return "test_devmem";
  }

  @Override
  public void load(DevmemKernel kernel) {
    int devices = kernel.has(DevmemFeature.COHERENT) ? 4 : 2;
    for (int i = 0; i < devices; i++) {
      Kind kind =
          i < 2
              ? new Kind(MemoryType.PRIVATE, 0)
              : new Kind(MemoryType.COHERENT, COHERENT_START + (i - 2) * CHUNK);
      DeviceMemory memory = kernel.newMemory("test_devmem", "device" + i, kind);
      memories.add(memory);
      kernel.addMirrorNode("/dev/mirror" + i, memory);
    }
  }

  @Override
  public void unload() {
    memories.forEach(DeviceMemory::removeChunks);
    memories.clear();
  }

  private final class Kind implements OwnedMemory {
    private final MemoryType type;
    private final long start;

    Kind(MemoryType type, long start) {
      this.type = type;
      this.start = start;
    }

    @Override
    public MemoryType type() {
      return type;
    }

    @Override
    public PhysRange claim(DevmemKernel kernel, long bytes, String name) {
      return start == 0 ? kernel.requestFreeRegion(bytes, name) : PhysRange.ofLength(start, bytes);
    }

    @Override
    public void release(DevmemKernel kernel, PhysRange range) {
      kernel.releaseRegion(range);
    }

    @Override
    public boolean needsBacking() {
      return type == MemoryType.PRIVATE;
    }

    @Override
    public DevPagemapOps ops(DevmemKernel kernel, DeviceMemory memory) {
      return new Ops(kernel, memory);
    }
  }

  private final class Ops implements DevPagemapOps {
    private final DevmemKernel kernel;
    private final DeviceMemory memory;

    Ops(DevmemKernel kernel, DeviceMemory memory) {
      this.kernel = kernel;
      this.memory = memory;
    }

    @Override
    public void pageFree(Pagemap pgmap, long pfn) {
      memory.freed(pfn, 0);
    }

    @Override
    public void folioFree(Pagemap pgmap, long headPfn, int order) {
      memory.freed(headPfn, order);
    }

    @Override
    public void folioSplit(Pagemap pgmap, long headPfn, long tailPfn) {
      memory.split(headPfn, tailPfn);
    }

    @Override
    public int migrateToRam(RamFault fault) {
      faultsBack.incrementAndGet();
      onFault.accept("begun");
      MigrateRequest request =
          new MigrateRequest(
              fault.vma(),
              fault.address(),
              fault.address() + 4096,
              MigrateRequest.DEVICE_PRIVATE,
              memory.owner(),
              fault.pfn());
      Migration migration;
      try {
        migration = kernel.migrate(request);
      } catch (MmException e) {
        return VmFault.SIGBUS;
      }
      onFault.accept("collected");
      long src = migration.src()[0];
      if (MigratePfn.isMigrating(src) && MigratePfn.hasPage(src)) {
        long page = kernel.pages().allocSystem(0);
        kernel.pages().copy(memory.backing(MigratePfn.pfn(src)), page, 1);
        migration.dst()[0] = MigratePfn.of(page);
      }
      migration.pages();
      migration.finish();
      onFault.accept("finished");
      return 0;
    }
  }
}
