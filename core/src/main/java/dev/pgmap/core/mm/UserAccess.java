package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.sync.Rcu;
import java.util.function.LongConsumer;

/**
 * Loads and stores of user space: translation as hardware does it, faults when that fails.
 *
 * <p>A translation and the access it serves lie in one read section of RCU, so that whoever unmaps
 * the page waits for the access as a TLB flush does. Thread-safe, without locks.
 */
final class UserAccess {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_BYTES = 1L << PAGE_SHIFT;
  private static final long MOST_BYTES_PER_SECTION = 2L << 20;
  private static final long PAGES_PER_REPORT = 16_384;
  private static final int MOST_FAULTS_PER_ACCESS = 10_000;

  private final Mm mm;
  private final PageTables tables;
  private final PhysicalMemory memory;
  private final Rcu rcu;

  UserAccess(Mm mm) {
    this.mm = mm;
    this.tables = mm.tables();
    this.memory = mm.context().memory();
    this.rcu = mm.context().sync().rcu();
  }

  byte load(long address) {
    for (int faults = 0; ; faults++) {
      int token = rcu.readLock();
      try {
        long physical = translate(address, false);
        if (physical >= 0) {
          checkMedium(address, physical, 1);
          return memory.loadByte(physical);
        }
      } finally {
        rcu.readUnlock(token);
      }
      faultIn(address, false, faults);
    }
  }

  void store(long address, byte value) {
    for (int faults = 0; ; faults++) {
      int token = rcu.readLock();
      try {
        long physical = translate(address, true);
        if (physical >= 0) {
          memory.storeByte(physical, value);
          return;
        }
      } finally {
        rcu.readUnlock(token);
      }
      faultIn(address, true, faults);
    }
  }

  /** Loads bytes, as many loads in address order would. */
  void read(long address, byte[] to) {
    copy(address, to, false);
  }

  /** Stores bytes, as many stores in address order would. */
  void write(long address, byte[] from) {
    copy(address, from, true);
  }

  private void copy(long address, byte[] bytes, boolean write) {
    int faults = 0;
    for (int done = 0; done < bytes.length; ) {
      int copied = copySome(address + done, bytes, done, write);
      if (copied == 0) {
        faultIn(address + done, write, faults++);
      } else {
        faults = 0;
        done += copied;
      }
    }
  }

  /** Copies up to the end of a base page; 0 if it has to be faulted in. */
  private int copySome(long address, byte[] bytes, int from, boolean write) {
    int length = (int) Math.min(bytes.length - from, PAGE_BYTES - (address & PAGE_BYTES - 1));
    int token = rcu.readLock();
    try {
      long physical = translate(address, write);
      if (physical < 0) {
        return 0;
      }
      if (write) {
        memory.write(physical, bytes, from, length);
      } else {
        checkMedium(address, physical, length);
        memory.read(physical, bytes, from, length);
      }
      return length;
    } finally {
      rcu.readUnlock(token);
    }
  }

  /** Stores a byte at the start of every page of a range, leaf by leaf. */
  void touch(long start, long bytes, byte value, LongConsumer progress) {
    checkRange(start, bytes);
    long end = start + bytes;
    long nextReport = PAGES_PER_REPORT;
    int faults = 0;
    for (long at = start; at < end; ) {
      long next = touchSome(at, end, value);
      if (next == at) {
        faultIn(at, true, faults++);
        continue;
      }
      faults = 0;
      at = next;
      long done = (Math.min(at, end) - start + PAGE_BYTES - 1) >>> PAGE_SHIFT;
      if (done >= nextReport) {
        progress.accept(done);
        nextReport = done + PAGES_PER_REPORT;
      }
    }
    progress.accept((bytes + PAGE_BYTES - 1) >>> PAGE_SHIFT);
  }

  private void checkRange(long start, long bytes) {
    if ((start & (PAGE_BYTES - 1)) != 0 || bytes < 0 || bytes > mm.taskSizeMax() - start) {
      throw new MmException(
          Errno.EINVAL,
          "touch",
          "%d bytes from 0x%x".formatted(bytes, start),
          "a range of user space that begins at a page",
          "");
    }
  }

  /**
   * Touches pages of one leaf, or of the run of leaves in one PTE table; returns where it stopped.
   */
  private long touchSome(long start, long end, byte value) {
    int token = rcu.readLock();
    try {
      PageTable table = tables.lowestTable(start);
      long limit = Math.min(end, (start | (MOST_BYTES_PER_SECTION - 1)) + 1);
      long at = start;
      while (at < limit) {
        long entry = use(table, at, true);
        if (entry == 0) {
          break;
        }
        long block = table.blockStart(at);
        long stop = Math.min(limit, block + (1L << table.shift()));
        long toPhysical = (Pte.pfn(entry) << PAGE_SHIFT) - block;
        for (; at < stop; at += PAGE_BYTES) {
          memory.storeByte(at + toPhysical, value);
        }
      }
      return at;
    } finally {
      rcu.readUnlock(token);
    }
  }

  /**
   * A load of what the medium has lost is a machine check, of which the task gets SIGBUS. Nothing
   * else is done about the page, unlike in a kernel, which lets it fail.
   */
  private void checkMedium(long address, long physical, long nrBytes) {
    if (memory.mediaErrors().isLost(physical, nrBytes)) {
      throw new TaskSignal(TaskSignal.SIGBUS, address, false, "the medium has lost it");
    }
  }

  private long translate(long address, boolean write) {
    if (!mm.isUserAddress(address)) {
      return -1;
    }
    PageTable table = tables.lowestTable(address);
    long entry = use(table, address, write);
    return entry == 0 ? -1 : (Pte.pfn(entry) << PAGE_SHIFT) + (address - table.blockStart(address));
  }

  /** Sets the accessed and dirty bits as the page walker does; 0 if the access must fault. */
  private static long use(PageTable table, long address, boolean write) {
    int index = table.index(address);
    long wanted = write ? Pte.ACCESSED | Pte.DIRTY : Pte.ACCESSED;
    while (true) {
      long entry = table.loadAcquire(index);
      if (!Pte.isLeaf(entry, table.level()) || !Pte.permits(entry, write)) {
        return 0;
      }
      if ((entry & wanted) == wanted || table.cas(index, entry, entry | wanted)) {
        return entry;
      }
    }
  }

  /**
   * Who faults again may wait for one that has no cpu: a migration, or a task that holds a page.
   */
  private void faultIn(long address, boolean write, int faultsBefore) {
    if (faultsBefore > 0) {
      mm.context().sync().reschedule();
    }
    int code = mm.handleFault(address, write);
    if ((code & VmFault.SIGSEGV) != 0) {
      throw new TaskSignal(TaskSignal.SIGSEGV, address, write, whyNoAccess(address, write));
    }
    if ((code & VmFault.OOM) != 0) {
      throw new MmException(
          Errno.ENOMEM,
          "%s: page fault at 0x%x".formatted(mm, address),
          mm.context().ram().freePages() + " pages of RAM free",
          "a free page",
          "use a machine with more RAM");
    }
    if ((code & VmFault.ERROR) != 0) {
      throw new TaskSignal(TaskSignal.SIGBUS, address, write, whatIsAt(address) + " refused");
    }
    if (faultsBefore >= MOST_FAULTS_PER_ACCESS) {
      String why = whatIsAt(address) + " says it mapped the page, but it never appears";
      throw new TaskSignal(TaskSignal.SIGBUS, address, write, why);
    }
  }

  private String whyNoAccess(long address, boolean write) {
    mm.mmapLock().lockRead();
    try {
      Vma vma = mm.isUserAddress(address) ? mm.findVma(address) : null;
      return vma == null
          ? "nothing is mapped there"
          : "[%s] does not allow %s".formatted(vma, write ? "writing" : "reading");
    } finally {
      mm.mmapLock().unlockRead();
    }
  }

  private String whatIsAt(long address) {
    mm.mmapLock().lockRead();
    try {
      Vma vma = mm.findVma(address);
      AddressSpace file = vma == null ? null : vma.file();
      return vma == null || file == null
          ? "anonymous memory"
          : "%s at page %d".formatted(file, vma.pgoffOf(address));
    } finally {
      mm.mmapLock().unlockRead();
    }
  }
}
