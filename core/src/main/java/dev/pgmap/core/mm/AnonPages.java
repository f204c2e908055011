package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * Anonymous base pages: frames of RAM, zeroed at first, that carry the number of their {@link
 * AnonVma} and their offset in its areas. Stateless.
 */
final class AnonPages {
  private AnonPages() {}

  /** {@code do_anonymous_page}: a read maps the zero page, a write a page of its own. */
  static int fault(Vma vma, long address, boolean write) {
    long at = address & -vma.mm().pageBytes();
    if (!write) {
      mapZeroPage(vma, at);
      return VmFault.NOPAGE;
    }
    mapOrPut(vma, at, alloc(vma, at), true);
    return VmFault.NOPAGE;
  }

  /**
   * Maps a new page, which is dropped where something is mapped already.
   *
   * @throws MmException ENOMEM without a page for a table; the new page is dropped then, too
   */
  static void mapOrPut(Vma vma, long address, long pfn, boolean write) {
    boolean mapped = false;
    try {
      mapped = map(vma, address, pfn, write);
    } finally {
      if (!mapped) {
        vma.mm().context().put().put(pfn, 1);
      }
    }
  }

  /** Maps the zero page, which nobody counts, unless something is mapped there. */
  static void mapZeroPage(Vma vma, long address) {
    long zeroPfn = vma.mm().context().ordinary().zeroPfn();
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (tables.entryAt(address, Geometry.PTE) == 0) {
        tables.insertLeaf(address, Geometry.PTE, Pte.of(zeroPfn, Fault.LEAF_BITS | Pte.SPECIAL));
      }
    } finally {
      tables.unlock();
    }
  }

  /**
   * A zeroed page with one reference, for one address of a private area; not mapped yet.
   *
   * @throws MmException ENOMEM
   */
  static long alloc(Vma vma, long address) {
    return alloc(vma, address, baseOrder(vma));
  }

  /** The same for a block of any order, which the address begins. */
  static long alloc(Vma vma, long address, int order) {
    MmContext context = vma.mm().context();
    AnonVma anon = vma.anonVmaOfPrivate();
    anon.setUsed();
    long pfn = RamFolios.alloc(context, order, PageFlag.UPTODATE, PageFlag.SWAPBACKED);
    StructPages pages = context.pages();
    long rec = pages.record(pfn);
    pages.setIndex(rec, vma.pgoffOf(address));
    pages.setMapping(rec, anon.mapping());
    return pfn;
  }

  private static int baseOrder(Vma vma) {
    return vma.mm().context().geometry().order(Geometry.PTE);
  }

  /** A page as {@link #alloc} gives it, with the bytes of another. */
  static long allocCopy(Vma vma, long address, long fromPfn) {
    long pfn = alloc(vma, address);
    RamFolios.copy(vma.mm().context().memory(), fromPfn, pfn, baseOrder(vma));
    return pfn;
  }

  /** Maps a new page unless another thread has mapped something there. */
  private static boolean map(Vma vma, long address, long pfn, boolean write) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (tables.entryAt(address, Geometry.PTE) != 0) {
        return false;
      }
      tables.makeTables(address, Geometry.PTE);
      countAsNew(vma, pfn);
      tables.insertLeaf(address, Geometry.PTE, leafOf(vma, pfn, write));
      return true;
    } finally {
      tables.unlock();
    }
  }

  /** {@code folio_add_new_anon_rmap}: the page has its first mapping, and no other can have it. */
  static void countAsNew(Vma vma, long pfn) {
    countAsNew(vma, pfn, baseOrder(vma));
  }

  /** The same of a folio of this order, mapped by one entry. */
  static void countAsNew(Vma vma, long pfn, int order) {
    MmContext context = vma.mm().context();
    Rmap.add(context.pages(), pfn, order);
    if (context.ordinary().policies().cow().marksExclusive()) {
      context.pages().setFlag(context.pages().record(pfn), PageFlag.ANON_EXCLUSIVE);
    }
  }

  static long leafOf(Vma vma, long pfn, boolean write) {
    long bits = Fault.LEAF_BITS | (vma.isWritable() ? Pte.RW : 0) | (write ? Pte.DIRTY : 0);
    return Pte.of(pfn, bits);
  }
}
