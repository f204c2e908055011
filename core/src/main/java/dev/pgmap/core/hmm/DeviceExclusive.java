package dev.pgmap.core.hmm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.ExclusiveEntry;
import dev.pgmap.core.mm.HugeSplit;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code make_device_exclusive}: a device uses a page alone; the next access of a CPU takes it
 * back.
 *
 * <p>Runs with the mmap lock held as a reader.
 */
public final class DeviceExclusive {
  private static final int MAX_FAULTS_PER_PAGE = 16;

  private DeviceExclusive() {}

  /**
   * Takes pages one after the other.
   *
   * @param pfns filled: locked pages with a reference each; -1 where one cannot be had
   * @return how many were looked at before an error stopped it
   * @throws MmException the error of the first page: EOPNOTSUPP for memory that is not anonymous,
   *     EFAULT, EPERM or ENOMEM if it cannot be faulted in for writing
   */
  @KernelFunction("make_device_exclusive_range")
  public static int take(Mm mm, long start, String owner, long[] pfns) {
    for (int i = 0; i < pfns.length; i++) {
      try {
        pfns[i] = page(mm, start + ((long) i << 12), owner);
      } catch (MmException e) {
        if (i == 0) {
          throw e;
        }
        return i;
      }
    }
    return pfns.length;
  }

  /** {@code make_device_exclusive}; -1 if the page is locked, or was mapped anew meanwhile. */
  @KernelFunction("make_device_exclusive")
  private static long page(Mm mm, long address, String owner) {
    MmContext context = mm.context();
    Vma vma = checkArea(mm, address);
    long pfn = fault(mm, vma, address);
    long head = context.pages().headPfn(pfn);
    if (!Rmap.isAnonymous(context.pages(), pfn)) {
      context.put().put(head, 1);
      throw refused(mm, address, "memory that is not anonymous");
    }
    if (!context.locks().tryLock(head)) {
      context.put().put(head, 1);
      return -1;
    }
    boolean[] set = new boolean[1];
    mm.notifiers()
        .around(
            new MmuNotifiers.Range(address, address + 4096, MmuNotifiers.Event.EXCLUSIVE, owner),
            () -> set[0] = replace(vma, address, pfn));
    context.sync().rcu().synchronize();
    if (set[0]) {
      return pfn;
    }
    context.locks().unlock(head);
    context.put().put(head, 1);
    return -1;
  }

  private static Vma checkArea(Mm mm, long address) {
    Vma vma = mm.findVma(address);
    if (vma == null) {
      throw new MmException(
          Errno.EFAULT, "%s: 0x%x".formatted(mm, address), "no mapping", "anonymous memory", "");
    }
    if (!vma.isWritable()) {
      throw new MmException(
          Errno.EFAULT, "%s: [%s]".formatted(mm, vma), "not writable", "a writable area", "");
    }
    return vma;
  }

  private static MmException refused(Mm mm, long address, String found) {
    return new MmException(
        Errno.EOPNOTSUPP, "%s: 0x%x".formatted(mm, address), found, "anonymous memory", "");
  }

  /** Faults the page in for writing and takes a reference. */
  private static long fault(Mm mm, Vma vma, long address) {
    for (int attempt = 0; attempt < MAX_FAULTS_PER_PAGE; attempt++) {
      splitHuge(vma, address);
      long pfn = get(mm, address);
      if (pfn >= 0) {
        return pfn;
      }
      int code = mm.handleFaultLocked(address, true);
      if ((code & VmFault.ERROR) != 0) {
        throw new MmException(
            (code & VmFault.OOM) != 0 ? Errno.ENOMEM : Errno.EFAULT,
            "%s: 0x%x".formatted(mm, address),
            "a fault that failed with VM_FAULT 0x%x".formatted(code),
            "a page",
            "");
      }
    }
    throw new MmException(
        Errno.EFAULT, "%s: 0x%x".formatted(mm, address), "still not mapped", "a page", "");
  }

  /** {@code FOLL_SPLIT_PMD}: only a base page's entry can keep CPUs out; the folio stays whole. */
  private static void splitHuge(Vma vma, long address) {
    Leaf leaf = vma.mm().tables().find(address);
    if (leaf != null && leaf.level() == Geometry.PMD && vma.isAnonymous()) {
      HugeSplit.run(vma, address);
    }
  }

  private static long get(Mm mm, long address) {
    PageTables tables = mm.tables();
    tables.lock();
    try {
      long entry = entry(tables, address);
      if (!Pte.isWritable(entry) || !Pte.isCounted(entry)) {
        return -1;
      }
      long pfn = Pte.pfn(entry);
      long head = mm.context().pages().headPfn(pfn);
      mm.context().refs().mod(head, mm.context().pages().record(head), 1);
      return pfn;
    } finally {
      tables.unlock();
    }
  }

  /** The present base-page entry of an address, or 0. */
  private static long entry(PageTables tables, long address) {
    PageTable table = tables.lowestTable(address);
    long entry = table.loadAcquire(table.index(address));
    return table.level() == Geometry.PTE && Pte.isPresent(entry) ? entry : 0;
  }

  private static boolean replace(Vma vma, long address, long pfn) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      long entry = entry(tables, address);
      while (entry != 0 && Pte.pfn(entry) == pfn && Pte.isWritable(entry)) {
        if (ExclusiveEntry.set(vma, address, entry)) {
          return true;
        }
        entry = entry(tables, address);
      }
      return false;
    } finally {
      tables.unlock();
    }
  }
}
