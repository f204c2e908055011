package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.DriverLock;
import dev.pgmap.api.devmem.HmmPfn;
import dev.pgmap.api.devmem.HmmRequest;
import dev.pgmap.api.devmem.Mirror;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.trace.KernelFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The mirror of one address space: a table of pages, and the notifier that keeps it true ({@code
 * struct dmirror}). Thread-safe; the table is used under {@link #locked}.
 */
final class PageMirror {
  private static final int PAGES_PER_FAULT = 64;
  private static final int MOST_TRIES = 100_000;

  private final DeviceMemory memory;
  private final UserSpace user;
  private final DriverLock lock;
  private final MirrorTable table = new MirrorTable();
  private final Mirror notifier;
  private final DevmemKernel kernel;

  PageMirror(DevmemKernel kernel, DeviceMemory memory, UserSpace user) {
    this.kernel = kernel;
    this.memory = memory;
    this.user = user;
    this.lock = kernel.newLock();
    this.notifier = user.mirror(this::invalidate);
  }

  /** {@code dmirror_interval_invalidate}: the migration of its own pages keeps the table itself. */
  @KernelFunction("dmirror_interval_invalidate")
  private void invalidate(
      Mirror mirror, long start, long end, Mirror.Event event, @Nullable String owner, long seq) {
    if (event == Mirror.Event.MIGRATE && memory.owner().equals(owner)) {
      return;
    }
    lock.lock();
    try {
      mirror.setSeq(seq);
      table.erase(start, end);
    } finally {
      lock.unlock();
    }
  }

  /** Works on the table under the mirror's lock. */
  <T extends @Nullable Object> T locked(Function<MirrorTable, T> work) {
    lock.lock();
    try {
      return work.apply(table);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Faults a range in for the device ({@code dmirror_fault}).
   *
   * @throws MmException EFAULT, EPERM; EBUSY if entries never stop to change
   */
  @KernelFunction("dmirror_fault")
  void fault(long start, long end, boolean write) {
    for (long at = start; at < end; at += (long) PAGES_PER_FAULT << 12) {
      int npages = (int) Math.min(PAGES_PER_FAULT, end - at >>> 12);
      faultSome(at, new long[npages], new HmmRequest(true, write, memory.owner()));
    }
  }

  @KernelFunction("dmirror_range_fault")
  private void faultSome(long start, long[] pfns, HmmRequest request) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long seq = notifier.readBegin();
      if (rangeFault(start, pfns, request, seq) && store(start, pfns, seq)) {
        return;
      }
    }
    throw new MmException(
        Errno.EBUSY, "mirror", "entries that never stop to change", "a quiet moment", "");
  }

  private boolean rangeFault(long start, long[] pfns, HmmRequest request, long seq) {
    user.lockRead();
    try {
      user.rangeFault(notifier, seq, start, request, pfns);
      return true;
    } catch (MmException e) {
      if (e.errno() == Errno.EBUSY) {
        return false;
      }
      throw e;
    } finally {
      user.unlockRead();
    }
  }

  /** {@code dmirror_do_fault}, unless the entries changed by now. */
  private boolean store(long start, long[] pfns, long seq) {
    return locked(pt -> {
      if (notifier.readRetry(seq)) {
        return false;
      }
      for (int i = 0; i < pfns.length; i++) {
        boolean writable = (pfns[i] & HmmPfn.WRITE) != 0;
        long bytesAt = bytesOf(HmmPfn.pfn(pfns[i]));
        pt.put(start + ((long) i << 12), new MirrorTable.Entry(bytesAt, writable, false));
      }
      return true;
    });
  }

  /** Where the bytes of a page are: device-private ones are the device's own. */
  private long bytesOf(long pfn) {
    return kernel.isOf(memory, pfn) ? memory.backing(pfn) : pfn;
  }

  /**
   * {@code dmirror_check_atomic}.
   *
   * @throws MmException EPERM if the device is the only user of a page still
   */
  void checkNotExclusive(long start, long end) {
    boolean exclusive =
        locked(pt -> {
          for (long at = start; at < end; at += 4096) {
            MirrorTable.Entry entry = pt.get(at);
            if (entry != null && entry.exclusive()) {
              return true;
            }
          }
          return false;
        });
    if (exclusive) {
      throw new MmException(Errno.EPERM, "mirror", "a page that the device uses alone", "none", "");
    }
  }

  void close() {
    notifier.remove();
    locked(pt -> {
      pt.clear();
      return null;
    });
  }
}
