package dev.pgmap.core.mm;

import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.Geometry;
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
    AddressSpace space = vma.file();
    return space == null
        ? AnonPages.fault(vma, address, write)
        : fileFault(vma, space, address, write);
  }

  /**
   * The largest size first. A size is tried only if its whole block lies in the area and no table
   * stands there; FALLBACK goes to the next smaller one.
   */
  private static int fileFault(Vma vma, AddressSpace space, long address, boolean write) {
    for (int level = Geometry.PUD; level > Geometry.PTE; level--) {
      long entry = entryAt(vma, address, level);
      if (Pte.isLeaf(entry, level)) {
        return 0;
      }
      if (entry == 0 && blockLiesIn(vma, address, level)) {
        int code = space.fault(new Fault(vma, space, address, level, write));
        if ((code & VmFault.FALLBACK) == 0) {
          return code;
        }
      }
    }
    if (Pte.isPresent(entryAt(vma, address, Geometry.PTE))) {
      return 0;
    }
    int code = space.fault(new Fault(vma, space, address, Geometry.PTE, write));
    return (code & VmFault.FALLBACK) == 0 ? code : VmFault.SIGBUS;
  }

  private static boolean blockLiesIn(Vma vma, long address, int level) {
    long bytes = vma.mm().context().geometry().bytes(level);
    long block = address & -bytes;
    return block >= vma.start() && block + bytes <= vma.end();
  }

  private static long entryAt(Vma vma, long address, int level) {
    PageTables tables = vma.mm().tables();
    tables.lock();
    try {
      return tables.entryAt(address, level);
    } finally {
      tables.unlock();
    }
  }
}
