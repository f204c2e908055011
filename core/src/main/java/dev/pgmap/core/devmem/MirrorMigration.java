package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.MigratePfn;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.Migration;
import dev.pgmap.api.devmem.OwnedPages;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import java.util.function.ToLongFunction;

/** Migrations that a mirror's task asks for: to the device, and back. */
final class MirrorMigration {
  private static final long BYTES_PER_STEP = 512L << 12;

  private final DevmemKernel kernel;
  private final DeviceMemory memory;
  private final OwnedPages pages;
  private final PageMirror mirror;
  private final UserSpace user;
  private volatile boolean failNext;

  MirrorMigration(DevmemKernel kernel, DeviceMemory memory, PageMirror mirror, UserSpace user) {
    this.kernel = kernel;
    this.memory = memory;
    this.pages = kernel.pages();
    this.mirror = mirror;
    this.user = user;
  }

  /** The next allocation of device memory fails, or of RAM on the way back. */
  void setFailNext(boolean fail) {
    failNext = fail;
  }

  private boolean failsNow() {
    boolean fails = failNext;
    failNext = false;
    return fails;
  }

  /**
   * {@code dmirror_migrate_to_device}.
   *
   * @throws MmException EINVAL where nothing readable is mapped; what came before has moved
   */
  @KernelFunction("dmirror_migrate_to_device")
  void toDevice(long start, long end) {
    int select = MigrateRequest.SYSTEM | (kernel.largestOrder() > 0 ? MigrateRequest.COMPOUND : 0);
    forEachStep(start, end, select, this::moveToDevice);
  }

  /**
   * {@code dmirror_migrate_to_system}.
   *
   * @return how many pages moved
   */
  @KernelFunction("dmirror_migrate_to_system")
  long toSystem(long start, long end) {
    int select =
        memory.kind().type() == MemoryType.PRIVATE
            ? MigrateRequest.DEVICE_PRIVATE
            : MigrateRequest.DEVICE_COHERENT;
    return forEachStep(start, end, select, this::moveToSystem);
  }

  /** What one step does: the request's range, and the migration of it, which is set up. */
  private record Step(MigrateRequest request, Migration migration) {}

  private long forEachStep(long start, long end, int select, ToLongFunction<Step> move) {
    long moved = 0;
    user.lockRead();
    try {
      for (long at = start; at < end; ) {
        VmArea vma = user.findArea(at);
        if (vma == null || !vma.isReadable()) {
          throw new MmException(
              Errno.EINVAL, "migrate 0x%x".formatted(at), "nothing readable", "an area", "");
        }
        long next = Math.min(Math.min(end, at + BYTES_PER_STEP), vma.end());
        MigrateRequest request =
            new MigrateRequest(vma, at, next, select, memory.owner(), MigrateRequest.NO_FAULT_PAGE);
        moved += move.applyAsLong(new Step(request, kernel.migrate(request)));
        at = next;
      }
    } finally {
      user.unlockRead();
    }
    return moved;
  }

  private long moveToDevice(Step step) {
    Migration migration = step.migration;
    fillDevice(step.request.vma(), migration.src(), migration.dst());
    migration.pages();
    enterMoved(step.request.start(), migration.src(), migration.dst());
    migration.finish();
    return 0;
  }

  /** {@code dmirror_migrate_alloc_and_copy}. */
  private void fillDevice(VmArea vma, long[] src, long[] dst) {
    for (int i = 0; i < src.length; i++) {
      if (MigratePfn.isMigrating(src[i]) && dst[i] == 0) {
        dst[i] = deviceCopy(vma, src[i]);
      }
    }
  }

  private long deviceCopy(VmArea vma, long src) {
    long page = failsNow() ? -1 : memory.alloc(0);
    if (page < 0) {
      return 0;
    }
    boolean hole = !MigratePfn.hasPage(src);
    if (hole) {
      pages.write(memory.backing(page), new byte[4096]);
    } else {
      pages.copy(MigratePfn.pfn(src), memory.backing(page), 1);
    }
    boolean writable = (src & MigratePfn.WRITE) != 0 || hole && vma.isWritable();
    return MigratePfn.of(page) | (writable ? MigratePfn.WRITE : 0);
  }

  /** {@code dmirror_migrate_finalize_and_map}: what moved is in the mirror. */
  private void enterMoved(long start, long[] src, long[] dst) {
    mirror.locked(pt -> {
      for (int i = 0; i < src.length; i++) {
        if (MigratePfn.isMigrating(src[i]) && MigratePfn.hasPage(dst[i])) {
          long bytesAt = memory.backing(MigratePfn.pfn(dst[i]));
          boolean writable = (dst[i] & MigratePfn.WRITE) != 0;
          pt.put(start + ((long) i << 12), new MirrorTable.Entry(bytesAt, writable, false));
        }
      }
      return null;
    });
  }

  private long moveToSystem(Step step) {
    Migration migration = step.migration;
    long[] src = migration.src();
    mirror.locked(pt -> {
      pt.erase(step.request.start(), step.request.end());
      return null;
    });
    new Eviction.CopyBack(pages, memory).fill(src, migration.dst());
    migration.pages();
    long moved = 0;
    for (long element : src) {
      moved += MigratePfn.isMigrating(element) && MigratePfn.hasPage(element) ? 1 : 0;
    }
    migration.finish();
    return moved;
  }
}
