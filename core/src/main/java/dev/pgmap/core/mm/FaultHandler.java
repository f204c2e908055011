package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * {@code handle_mm_fault}: finds who can map an address and at which size.
 *
 * <p>Runs with the mmap lock held as a reader; several threads at once.
 */
final class FaultHandler {
  private FaultHandler() {}

  /** Handles a fault in an area; returns {@link VmFault} codes, 0 if nothing was left to do. */
  static int handle(@Nullable Vma vma, long address, boolean write) {
    if (vma == null || !vma.permits(write)) {
      return VmFault.SIGSEGV;
    }
    try {
      Leaf found = findEntry(vma, address);
      return found == null ? none(vma, address, write) : entry(vma, found, address, write);
    } catch (MmException e) {
      if (e.errno() != Errno.ENOMEM) {
        throw e;
      }
      return VmFault.OOM;
    }
  }

  private static int none(Vma vma, long address, boolean write) {
    AddressSpace space = vma.file();
    return space == null
        ? anonymousFault(vma, address, write)
        : fileFault(vma, space, address, write);
  }

  private static int anonymousFault(Vma vma, long address, boolean write) {
    if (vma.has(VmFlag.HUGETLB)) {
      return HugetlbFault.fault(vma, address, write);
    }
    int code = HugeFault.anonymous(vma, address, write);
    return (code & VmFault.FALLBACK) == 0 ? code : AnonPages.fault(vma, address, write);
  }

  /** {@code handle_pte_fault} and its like above, where there is an entry. */
  private static int entry(Vma vma, Leaf found, long address, boolean write) {
    long entry = found.entry();
    if (SwapLike.is(entry)) {
      return SwapFault.handle(vma, address);
    }
    if (allows(entry, write)) {
      return 0;
    }
    AddressSpace space = vma.file();
    boolean ofFile = vma.isShared() || found.level() > Geometry.PTE;
    if (space != null && ofFile) {
      return fileFault(vma, space, address, write);
    }
    return writeProtected(vma, found, address, false);
  }

  /**
   * A pin found a page that belongs to others too ({@code FAULT_FLAG_UNSHARE}): gives the area a
   * page of its own, which stays write-protected.
   */
  static int unshare(@Nullable Vma vma, long address) {
    Leaf found = vma == null ? null : findEntry(vma, address);
    return vma == null || found == null || SwapLike.is(found.entry())
        ? 0
        : writeProtected(vma, found, address, true);
  }

  private static int writeProtected(Vma vma, Leaf found, long address, boolean unshare) {
    if (found.level() > Geometry.PMD && !vma.has(VmFlag.HUGETLB)) {
      TlbGather.splitOrZap(vma, address);
      return VmFault.NOPAGE;
    }
    return found.level() == Geometry.PMD && Pte.isSpecial(found.entry())
        ? HugeFault.writeToZero(vma, found.address(), found.entry())
        : new CopyOnWrite(vma, found, unshare).run();
  }

  /** The entry that covers an address, of whatever kind and level, or null if it is none. */
  static @Nullable Leaf findEntry(Vma vma, long address) {
    PageTables tables = vma.mm().tables();
    PageTable table = tables.lowestTable(address);
    long entry = table.loadAcquire(table.index(address));
    if (entry == 0 || Pte.isTable(entry, table.level())) {
      return null;
    }
    long bytes = 1L << tables.geometry().leafShift(table.level(), entry);
    long start = address & -bytes;
    return new Leaf(start, table.level(), bytes, table.loadAcquire(table.index(start)));
  }

  /**
   * The largest size first. A size is tried only if the file wants it, as most do if the whole
   * block lies in the area, and no table stands there; FALLBACK goes to the next smaller one. A
   * write where an entry does not allow it is a fault of that entry's size ({@code wp_huge_pmd}).
   */
  private static int fileFault(Vma vma, AddressSpace space, long address, boolean write) {
    Geometry geometry = vma.mm().context().geometry();
    for (int level = Geometry.PUD; level > Geometry.PTE; level--) {
      if (geometry.isFolded(level)) {
        continue;
      }
      long entry = entryAt(vma, address, level);
      boolean leaf = Pte.isLeaf(entry, level);
      if (leaf && allows(entry, write)) {
        return 0;
      }
      if (leaf || entry == 0 && geometry.faultsAllowed(level) && space.tries(vma, address, level)) {
        int code = space.fault(new Fault(vma, space, address, level, write, leaf));
        if ((code & VmFault.FALLBACK) == 0) {
          return code;
        }
      }
      if (leaf) {
        TlbGather.splitOrZap(vma, address);
      }
    }
    long pte = entryAt(vma, address, Geometry.PTE);
    if (Pte.isPresent(pte) && allows(pte, write)) {
      return 0;
    }
    Fault last = new Fault(vma, space, address, Geometry.PTE, write, Pte.isPresent(pte));
    int code = space.fault(last);
    return (code & VmFault.FALLBACK) == 0 ? code : VmFault.SIGBUS;
  }

  private static boolean allows(long entry, boolean write) {
    return !write || Pte.isWritable(entry);
  }

  static long entryAt(Vma vma, long address, int level) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      return tables.entryAt(address, level);
    } finally {
      tables.unlock();
    }
  }
}
