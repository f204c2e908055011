package dev.pgmap.core.mm;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code do_huge_pmd_anonymous_page} and {@code do_huge_pmd_wp_page}: anonymous memory mapped by
 * PMD entries. What cannot be huge is left to base pages. Runs with the mmap lock held as a reader;
 * stateless.
 */
final class HugeFault {
  private static final long LEAF_BITS = Fault.LEAF_BITS | Pte.PSE;

  private HugeFault() {}

  /** Maps the block around an address; FALLBACK if that is for base pages to do. */
  @KernelFunction("do_huge_pmd_anonymous_page")
  static int anonymous(Vma vma, long address, boolean write) {
    if (!isFit(vma, address)) {
      return VmFault.FALLBACK;
    }
    long block = address & -geometry(vma).bytes(Geometry.PMD);
    try {
      return write ? mapNew(vma, block, 0) : mapZero(vma, block);
    } catch (MmException noRoom) {
      return VmFault.FALLBACK;
    }
  }

  private static Geometry geometry(Vma vma) {
    return vma.mm().context().geometry();
  }

  private static boolean isFit(Vma vma, long address) {
    Geometry geometry = geometry(vma);
    return !vma.has(VmFlag.HUGETLB)
        && vma.mm().context().ordinary().hugePages().allows(vma)
        && !geometry.isFolded(Geometry.PMD)
        && geometry.leafAllowed(Geometry.PMD)
        && geometry.faultsAllowed(Geometry.PMD)
        && vma.holdsBlock(address, Geometry.PMD);
  }

  private static int mapZero(Vma vma, long block) {
    long zero = vma.mm().hugeZeroPfn();
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      if (tables.entryAt(block, Geometry.PMD) != 0) {
        return VmFault.FALLBACK;
      }
      tables.insertLeaf(block, Geometry.PMD, Pte.of(zero, LEAF_BITS | Pte.SPECIAL));
      return VmFault.NOPAGE;
    } finally {
      tables.unlock();
    }
  }

  /** Maps a new folio where {@code seen} stands now, which is nothing or the huge zero page. */
  private static int mapNew(Vma vma, long block, long seen) {
    int order = geometry(vma).order(Geometry.PMD);
    long pfn = AnonPages.alloc(vma, block, order);
    boolean mapped = false;
    try {
      mapped = insert(vma, block, pfn, seen);
    } finally {
      if (!mapped) {
        vma.mm().context().put().put(pfn, 1);
      }
    }
    return mapped || seen != 0 ? VmFault.NOPAGE : VmFault.FALLBACK;
  }

  private static boolean insert(Vma vma, long block, long pfn, long seen) {
    PageTables tables = vma.mm().tables();
    long leaf = AnonPages.leafOf(vma, pfn, true) | Pte.PSE;
    tables.lock();
    try {
      if (tables.entryAt(block, Geometry.PMD) != seen) {
        return false;
      }
      if (seen == 0) {
        tables.makeTables(block, Geometry.PMD);
        tables.insertLeaf(block, Geometry.PMD, leaf);
      } else if (!tables.replaceLeaf(block, Geometry.PMD, seen, leaf)) {
        return false;
      }
      AnonPages.countAsNew(vma, pfn, geometry(vma).order(Geometry.PMD));
      return true;
    } finally {
      tables.unlock();
    }
  }

  /** A write to the huge zero page ({@code do_huge_zero_wp_pmd}): a folio takes its place. */
  static int writeToZero(Vma vma, long block, long seen) {
    try {
      return mapNew(vma, block, seen);
    } catch (MmException noRoom) {
      HugeSplit.run(vma, block);
      return VmFault.NOPAGE;
    }
  }
}
