package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.DeviceMemory;
import dev.pgmap.api.devmem.DevmemKernel;
import dev.pgmap.api.devmem.HmmPfn;
import dev.pgmap.api.devmem.HmmRequest;
import dev.pgmap.api.devmem.Mirror;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.devmem.MirrorProt;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;

/** {@code dmirror_snapshot}: how each page of a range is mapped, without faulting any in. */
final class MirrorSnapshot {
  private static final int PAGES_PER_STEP = 64;

  private final DevmemKernel kernel;
  private final DeviceMemory memory;
  private final UserSpace user;

  MirrorSnapshot(DevmemKernel kernel, DeviceMemory memory, UserSpace user) {
    this.kernel = kernel;
    this.memory = memory;
    this.user = user;
  }

  @KernelFunction("dmirror_snapshot")
  void run(long start, long end, long[] words) {
    Mirror notifier = user.mirror((mirror, from, to, event, owner, seq) -> mirror.setSeq(seq));
    try {
      for (long at = start; at < end; at += (long) PAGES_PER_STEP << 12) {
        long[] pfns = new long[(int) Math.min(PAGES_PER_STEP, end - at >>> 12)];
        read(notifier, at, pfns);
        user.write(words[MirrorCommand.PTR] + words[MirrorCommand.CPAGES], bytesOf(pfns));
        words[MirrorCommand.CPAGES] += pfns.length;
      }
    } finally {
      notifier.remove();
    }
  }

  private void read(Mirror notifier, long start, long[] pfns) {
    while (true) {
      long seq = notifier.readBegin();
      user.lockRead();
      try {
        user.rangeFault(notifier, seq, start, new HmmRequest(false, false, memory.owner()), pfns);
        return;
      } catch (MmException e) {
        if (e.errno() != Errno.EBUSY) {
          throw e;
        }
      } finally {
        user.unlockRead();
      }
    }
  }

  private byte[] bytesOf(long[] pfns) {
    byte[] bytes = new byte[pfns.length];
    for (int i = 0; i < pfns.length; i++) {
      bytes[i] = (byte) byteOf(pfns[i]);
    }
    return bytes;
  }

  /** {@code dmirror_mkentry}. */
  private int byteOf(long element) {
    if ((element & HmmPfn.ERROR) != 0) {
      return MirrorProt.ERROR;
    }
    if ((element & HmmPfn.VALID) == 0) {
      return MirrorProt.NONE;
    }
    int access = (element & HmmPfn.WRITE) != 0 ? MirrorProt.WRITE : MirrorProt.READ;
    int size =
        switch (HmmPfn.order(element)) {
          case 9 -> MirrorProt.PMD;
          case 18 -> MirrorProt.PUD;
          default -> 0;
        };
    return whose(HmmPfn.pfn(element)) | access | size;
  }

  private int whose(long pfn) {
    boolean local = kernel.isOf(memory, pfn);
    MemoryType type = kernel.typeOf(pfn);
    if (type == MemoryType.PRIVATE) {
      return local ? MirrorProt.DEV_PRIVATE_LOCAL : MirrorProt.DEV_PRIVATE_REMOTE;
    }
    if (type == MemoryType.COHERENT) {
      return local ? MirrorProt.DEV_COHERENT_LOCAL : MirrorProt.DEV_COHERENT_REMOTE;
    }
    return kernel.isZeroPage(pfn) ? MirrorProt.ZERO : MirrorProt.NONE;
  }
}
