package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Fault;

/**
 * {@code dax_iomap_pmd_fault}: a fault of 2 MiB, which refuses by FALLBACK whatever does not fit.
 * Made for one fault.
 */
final class PmdFault {
  private static final long PAGE_BYTES = 4096;
  private static final long COLOUR = DaxEntry.PMD_PAGES - 1;

  private final DaxFile file;
  private final BlockFault block;
  private final Fault fault;
  private final FaultInfo info;
  private final long maxPgoff;

  PmdFault(DaxFile file, BlockFault block) {
    this.file = file;
    this.block = block;
    this.fault = block.fault();
    this.info = new FaultInfo(file, fault);
    this.maxPgoff = (file.iomap().sizeBytes() + PAGE_BYTES - 1) / PAGE_BYTES;
  }

  @KernelFunction("dax_iomap_pmd_fault")
  int run() {
    info.emit(FsDaxEvents::pmdFault, maxPgoff, 0);
    return info.emit(FsDaxEvents::pmdFaultDone, maxPgoff, result());
  }

  private int result() {
    if (block.index() >= maxPgoff) {
      return VmFault.SIGBUS;
    }
    return mustFallBack() || !block.grab() ? VmFault.FALLBACK : withEntry();
  }

  /** {@code dax_fault_check_fallback}. */
  private boolean mustFallBack() {
    long pageOfAddress = fault.address() / PAGE_BYTES;
    return (fault.pgoff() & COLOUR) != (pageOfAddress & COLOUR)
        || fault.isCow()
        || fault.blockStart() < fault.vma().start()
        || fault.blockStart() + block.bytes() > fault.vma().end()
        || (block.index() | COLOUR) >= maxPgoff;
  }

  private int withEntry() {
    try {
      return fault.isOvertaken() ? 0 : block.withExtent(error -> VmFault.FALLBACK, this::mapExtent);
    } finally {
      block.release();
    }
  }

  private int mapExtent(Iomap extent) {
    if (extent.end() - block.pos() < block.bytes()) {
      return VmFault.FALLBACK;
    }
    return !fault.isWrite() && PteFault.isHole(extent)
        ? loadHole(extent)
        : block.mapExtent(extent, VmFault.FALLBACK);
  }

  @KernelFunction("dax_pmd_load_hole")
  private int loadHole(Iomap extent) {
    long zeroes = file.context().zeroes().huge();
    if (zeroes == ZeroPages.NONE) {
      FsDaxEvents.pmdLoadHoleFallback(
          info.ino(), info.vmFlags(), fault.address(), 0, 0, info.dev());
      return VmFault.FALLBACK;
    }
    int result = block.insertZeroes(extent, zeroes);
    long entry = DaxEntry.of(zeroes, DaxEntry.ZERO | DaxEntry.PMD);
    FsDaxEvents.pmdLoadHole(info.ino(), info.vmFlags(), fault.address(), zeroes, entry, info.dev());
    return result;
  }
}
