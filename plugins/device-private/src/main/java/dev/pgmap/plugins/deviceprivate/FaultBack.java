package dev.pgmap.plugins.deviceprivate;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.mm.RamFault;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;

/** Brings a page back that a CPU touched ({@code dmirror_devmem_fault}). */
final class FaultBack {
  private static final long PAGE_BYTES = 4096;

  private final DevmemKernel kernel;
  private final DeviceMemory memory;

  FaultBack(DevmemKernel kernel, DeviceMemory memory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  /** Returns 0 also if the page could not move now: the CPU faults again. */
  @KernelFunction("dmirror_devmem_fault")
  int run(RamFault fault) {
    Migration migration;
    try {
      migration = kernel.migrate(request(fault));
    } catch (MmException e) {
      return VmFault.SIGBUS;
    }
    int result = copy(migration);
    migration.pages();
    migration.finish();
    return result;
  }

  private MigrateRequest request(RamFault fault) {
    return new MigrateRequest(
        fault.vma(),
        fault.address(),
        fault.address() + PAGE_BYTES,
        MigrateRequest.DEVICE_PRIVATE,
        memory.owner(),
        fault.pfn());
  }

  private int copy(Migration migration) {
    long src = migration.src()[0];
    if (!MigratePfn.isMigrating(src) || !MigratePfn.hasPage(src)) {
      return 0;
    }
    try {
      long page = kernel.pages().allocSystem(0);
      kernel.pages().copy(memory.backing(MigratePfn.pfn(src)), page, 1);
      migration.dst()[0] = MigratePfn.of(page) | src & MigratePfn.WRITE;
      return 0;
    } catch (MmException e) {
      return e.errno() == Errno.ENOMEM ? VmFault.OOM : VmFault.SIGBUS;
    }
  }
}
