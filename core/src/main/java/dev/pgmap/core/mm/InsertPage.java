package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code vm_insert_page}: puts a page into an area outside any fault, as a file's mmap does. If
 * that mmap then fails, the entries go again; else the area is {@code VM_MIXEDMAP}, whose entries a
 * fork copies.
 *
 * <p>Stateless; thread-safe.
 */
public final class InsertPage {
  private InsertPage() {}

  /**
   * Maps an address of an area to a base page, which the entry references and counts as any other.
   *
   * @param area the engine's own object, as a file's mmap gets it
   * @param address a multiple of the page size
   * @param pfn a page that the caller holds
   * @throws MmException EFAULT outside the area, EINVAL for a free page or one of a large folio,
   *     EBUSY if an entry is there, ENOMEM; nothing changed
   */
  @KernelFunction("vm_insert_page")
  public static void into(VmArea area, long address, long pfn) {
    Vma vma = (Vma) area;
    MmContext context = vma.mm().context();
    if (!vma.contains(address)) {
      throw refused(Errno.EFAULT, address, pfn, "outside " + vma, "an address of the area");
    }
    if (!MappingPolicy.NORMAL_PAGES.accepts(context, pfn, 0)) {
      throw refused(
          Errno.EINVAL, address, pfn, "free, or part of a large folio", "a base page in use");
    }
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (!tables.makeTables(address, Geometry.PTE) || tables.entryAt(address, Geometry.PTE) != 0) {
        throw refused(Errno.EBUSY, address, pfn, "an entry there already", "an empty place");
      }
      MappingPolicy.NORMAL_PAGES.enter(context, pfn, 0);
      long access = vma.isWritable() ? Pte.RW : 0;
      tables.insertLeaf(address, Geometry.PTE, Pte.of(pfn, Fault.LEAF_BITS | access));
    } finally {
      tables.unlock();
    }
  }

  private static MmException refused(
      Errno errno, long address, long pfn, String found, String expected) {
    return new MmException(
        errno, "page 0x%x at address 0x%x".formatted(pfn, address), found, expected, "");
  }
}
