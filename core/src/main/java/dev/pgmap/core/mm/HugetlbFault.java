package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/** Private anonymous memory made of hugetlb pages. Stateless. */
final class HugetlbFault {
  private HugetlbFault() {}

  /** {@code hugetlb_no_page}: maps a page of the pool, also for a read; SIGBUS without one. */
  @KernelFunction("hugetlb_fault")
  static int fault(Vma vma, long address, boolean write) {
    HugetlbPool pool = vma.hugetlbPool();
    long block = address & -pool.pageBytes();
    long pfn;
    try {
      pfn = take(vma, block, vma.has(VmFlag.RESERVES));
    } catch (MmException none) {
      return VmFault.SIGBUS;
    }
    boolean mapped = false;
    try {
      mapped = map(vma, block, pfn, write);
    } finally {
      if (!mapped) {
        vma.mm().context().put().put(pfn, 1);
      }
    }
    return VmFault.NOPAGE;
  }

  /** A page of the pool as anonymous memory of an area, with one reference. */
  static long take(Vma vma, long block, boolean promised) {
    MmContext context = vma.mm().context();
    AnonVma anon = vma.anonVmaOfPrivate();
    anon.setUsed();
    long pfn = vma.hugetlbPool().take(context, promised);
    StructPages pages = context.pages();
    long rec = pages.record(pfn);
    pages.setIndex(rec, vma.pgoffOf(block));
    pages.setMapping(rec, anon.mapping());
    return pfn;
  }

  /** Maps a page that was taken, unless something is mapped there. */
  static boolean map(Vma vma, long block, long pfn, boolean write) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      return mapLocked(vma, block, pfn, write);
    } finally {
      tables.unlock();
    }
  }

  private static boolean mapLocked(Vma vma, long block, long pfn, boolean write) {
    HugetlbPool pool = vma.hugetlbPool();
    PageTables tables = vma.mm().tables();
    if (tables.entryAt(block, pool.level()) != 0) {
      return false;
    }
    tables.makeTables(block, pool.level());
    tables.insertLeaf(block, pool.level(), AnonPages.leafOf(vma, pfn, write) | Pte.PSE);
    AnonPages.countAsNew(vma, pfn, pool.order());
    return true;
  }
}
