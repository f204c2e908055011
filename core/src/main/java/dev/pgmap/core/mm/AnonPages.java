package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import java.util.ArrayList;
import java.util.List;

/**
 * Anonymous private memory: 4 KiB frames of RAM, zeroed, one reference for the mapping.
 *
 * <p>Simpler than a kernel in two points. A read fault gets a frame of its own rather than the zero
 * page. A fork copies the pages at once rather than at the first write.
 */
final class AnonPages {
  private static final long FLAGS =
      PageLayout.ZONE_NORMAL << PageLayout.ZONE_SHIFT
          | PageFlag.UPTODATE.bit()
          | PageFlag.SWAPBACKED.bit();

  private static final int PAGE_BYTES = 4096;

  private AnonPages() {}

  static int fault(Vma vma, long address, boolean write) {
    long at = address & -PAGE_BYTES;
    PageTables tables = vma.mm().tables();
    if (tables.find(at) != null) {
      return 0;
    }
    MmContext context = vma.mm().context();
    long pfn;
    try {
      pfn = alloc(vma, at);
    } catch (MmException e) {
      return VmFault.OOM;
    }
    if (!map(vma, at, pfn, write)) {
      context.put().put(pfn, 1);
    }
    return VmFault.NOPAGE;
  }

  private static long alloc(Vma vma, long address) {
    MmContext context = vma.mm().context();
    long pfn = context.ram().allocPages(1, 1);
    StructPages pages = context.pages();
    long rec = pages.record(pfn);
    pages.init(rec, FLAGS, 0);
    pages.setIndex(rec, vma.pgoffOf(address));
    pages.setMapping(rec, AddressSpace.anonymousMapping(vma.mm().pid()));
    context.refs().set(pfn, rec, 1, false);
    return pfn;
  }

  /** Maps a frame unless another thread has mapped one there. */
  private static boolean map(Vma vma, long address, long pfn, boolean write) {
    MmContext context = vma.mm().context();
    PageTables tables = vma.mm().tables();
    long bits = Fault.LEAF_BITS | (vma.isWritable() ? Pte.RW : 0) | (write ? Pte.DIRTY : 0);
    tables.lock();
    try {
      if (tables.insertLeaf(address, Geometry.PTE, Pte.of(pfn, bits)) != 0) {
        return false;
      }
      context.pages().addMapcount(context.pages().record(pfn), 1);
      return true;
    } finally {
      tables.unlock();
    }
  }

  /**
   * Copies the pages of an area into the same area of another mm; both mmap locks are held.
   *
   * @throws MmException ENOMEM; what was copied until then stays in the other mm
   */
  static void copy(Vma from, Vma to) {
    PhysPage buffer = new PhysPage(from.mm().context());
    List<Long> mapped = new ArrayList<>();
    from.mm().tables().forEachLeaf(from.start(), from.end(), (at, level, entry) -> mapped.add(at));
    for (long at : mapped) {
      long pfn = alloc(to, at);
      buffer.copy(from.mm().tables(), at, pfn);
      map(to, at, pfn, true);
    }
  }

  /** A page-sized buffer between two frames. */
  private record PhysPage(MmContext context, byte[] bytes) {
    PhysPage(MmContext context) {
      this(context, new byte[PAGE_BYTES]);
    }

    void copy(PageTables tables, long address, long toPfn) {
      PageTable table = tables.lowestTable(address);
      long fromPfn = Pte.pfn(table.loadAcquire(table.index(address)));
      if (!context.memory().isAllZero(fromPfn)) {
        context.memory().read(fromPfn << 12, bytes, 0, PAGE_BYTES);
        context.memory().write(toPfn << 12, bytes, 0, PAGE_BYTES);
      }
    }
  }
}
