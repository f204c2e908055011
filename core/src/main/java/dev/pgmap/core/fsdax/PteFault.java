package dev.pgmap.core.fsdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Fault;

/** {@code dax_iomap_pte_fault}: a fault of one page. Made for one fault. */
final class PteFault {
  private static final long PAGE_BYTES = 4096;

  private final DaxFile file;
  private final BlockFault block;
  private final Fault fault;
  private final FaultInfo info;

  PteFault(DaxFile file, BlockFault block) {
    this.file = file;
    this.block = block;
    this.fault = block.fault();
    this.info = new FaultInfo(file, fault);
  }

  @KernelFunction("dax_iomap_pte_fault")
  int run() {
    info.emit(FsDaxEvents::pteFault, 0);
    int result = block.pos() >= file.iomap().sizeBytes() ? VmFault.SIGBUS : withEntry();
    return info.emit(FsDaxEvents::pteFaultDone, result);
  }

  private int withEntry() {
    if (!block.grab()) {
      return VmFault.FALLBACK;
    }
    try {
      return fault.isOvertaken()
          ? VmFault.NOPAGE
          : block.withExtent(PteFault::codeOf, this::mapExtent);
    } finally {
      block.release();
    }
  }

  /** {@code dax_fault_return}. */
  private static int codeOf(Errno error) {
    return error == Errno.ENOMEM ? VmFault.OOM : VmFault.SIGBUS;
  }

  private int mapExtent(Iomap extent) {
    if (extent.end() - block.pos() < PAGE_BYTES) {
      return VmFault.SIGBUS;
    }
    int result = mapBlocks(extent);
    boolean isNew = result != VmFault.SIGBUS && extent.has(Iomap.F_NEW);
    return isNew ? result | VmFault.MAJOR : result;
  }

  private int mapBlocks(Iomap extent) {
    if (fault.isCow()) {
      return copy(extent);
    }
    return !fault.isWrite() && isHole(extent)
        ? loadHole(extent)
        : block.mapExtent(extent, VmFault.SIGBUS);
  }

  static boolean isHole(Iomap extent) {
    return extent.type() == Iomap.Type.HOLE || extent.type() == Iomap.Type.UNWRITTEN;
  }

  /** {@code dax_fault_cow_page}: a private area gets a page of its own with these bytes. */
  @KernelFunction("dax_fault_cow_page")
  private int copy(Iomap extent) {
    long pfn = Fault.NO_PFN;
    if (!isHole(extent)) {
      pfn = file.target().pfnOf(extent, block.pos(), PAGE_BYTES);
      if (pfn == DaxTarget.UNSUITED) {
        return VmFault.SIGBUS;
      }
    }
    int result = fault.insertCopy(pfn);
    return result == VmFault.NOPAGE ? VmFault.DONE_COW : result;
  }

  @KernelFunction("dax_load_hole")
  private int loadHole(Iomap extent) {
    int result = block.insertZeroes(extent, file.context().zeroes().base());
    return info.emit(FsDaxEvents::loadHole, result);
  }
}
