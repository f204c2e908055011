package dev.pgmap.core.hmm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.HmmPfn;
import dev.pgmap.api.devmem.HmmRequest;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code hmm_range_fault}: what a device may do with each page of a range, after faulting in what
 * the request asks for.
 *
 * <p>Runs with the mmap lock held as a reader. Made for one call, used by one thread.
 */
public final class RangeFault {
  private final Mm mm;
  private final MmContext context;
  private final PageTables tables;
  private final HmmRequest request;
  private final BooleanSupplier retry;

  private RangeFault(Mm mm, HmmRequest request, BooleanSupplier retry) {
    this.mm = mm;
    this.context = mm.context();
    this.tables = mm.tables();
    this.request = request;
    this.retry = retry;
  }

  /**
   * Fills {@code pfns}, from {@code start} on.
   *
   * @param retry whether the mirror has been told of a change since it began to read
   * @throws MmException EBUSY if the mirror must begin again; EFAULT for what cannot be faulted in;
   *     EPERM for a write to an area that does not allow it
   */
  @KernelFunction("hmm_range_fault")
  public static void run(
      Mm mm, long start, HmmRequest request, long[] pfns, BooleanSupplier retry) {
    RangeFault walk = new RangeFault(mm, request, retry);
    for (int i = 0; i < pfns.length; i++) {
      pfns[i] = walk.page(start + ((long) i << 12));
    }
    walk.checkRetry();
  }

  private void checkRetry() {
    if (retry.getAsBoolean()) {
      throw busy();
    }
  }

  private MmException busy() {
    return new MmException(
        Errno.EBUSY, mm + ": hmm_range_fault", "entries changed", "the same ones", "begin again");
  }

  private long page(long address) {
    Vma vma = mm.findVma(address);
    if (vma == null || !vma.isReadable() || vma.has(VmFlag.IO | VmFlag.PFNMAP)) {
      return unsupported(address);
    }
    while (true) {
      long element = look(vma, address);
      if (element != NEEDS_FAULT) {
        return element;
      }
      fault(vma, address);
      checkRetry();
    }
  }

  private static final long NEEDS_FAULT = -1;

  /** {@code hmm_vma_walk_test}: areas that a device cannot use, and holes. */
  private long unsupported(long address) {
    if (request.faults()) {
      throw fault(address, "nothing that a device could use");
    }
    return HmmPfn.ERROR;
  }

  private MmException fault(long address, String found) {
    return new MmException(
        Errno.EFAULT, "%s: hmm at 0x%x".formatted(mm, address), found, "ordinary memory", "");
  }

  /** {@code hmm_vma_handle_pte}, and the same for huge entries. */
  private long look(Vma vma, long address) {
    tables.lock();
    try {
      PageTable table = tables.lowestTable(address);
      long entry = table.loadAcquire(table.index(address));
      int order = context.geometry().order(table.level());
      long offset = address - table.blockStart(address) >>> 12;
      if (entry == 0) {
        return request.faults() ? NEEDS_FAULT : 0;
      }
      return Pte.isPresent(entry)
          ? present(vma, address, entry, offset, order)
          : swap(address, entry, offset, order);
    } finally {
      tables.unlock();
    }
  }

  private long present(Vma vma, long address, long entry, long offset, int order) {
    if (!Pte.permits(entry, false)) {
      return request.faults() ? NEEDS_FAULT : 0;
    }
    if (request.faults() && request.writes() && !Pte.isWritable(entry)) {
      return NEEDS_FAULT;
    }
    long pfn = Pte.pfn(entry);
    if (Pte.isSpecial(entry) && !context.ordinary().isZeroPage(pfn)) {
      if (request.faults()) {
        throw fault(address, "a frame without a struct page in [%s]".formatted(vma));
      }
      return HmmPfn.ERROR;
    }
    return HmmPfn.of(pfn + offset, Pte.isWritable(entry), order);
  }

  private long swap(long address, long entry, long offset, int order) {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    if (kind.isDevicePrivate() && isOurs(SwapEntry.pfn(entry))) {
      boolean needsWrite = request.faults() && request.writes() && !kind.isWritable();
      return needsWrite
          ? NEEDS_FAULT
          : HmmPfn.of(SwapEntry.pfn(entry) + offset, kind.isWritable(), order);
    }
    if (!request.faults()) {
      return 0;
    }
    boolean faults =
        kind.isMigration()
            || kind.isDeviceExclusive()
            || kind.isDevicePrivate() && context.swap().hmmFaultsForeign();
    if (!faults) {
      throw fault(address, "an entry " + kind);
    }
    return NEEDS_FAULT;
  }

  private boolean isOurs(long pfn) {
    StructPages pages = context.pages();
    @Nullable DevPagemap pgmap =
        context.pagemaps().byIndex(pages.pgmapIndex(pages.record(pages.headPfn(pfn))));
    return pgmap != null && request.owner() != null && request.owner().equals(pgmap.spec().owner());
  }

  /** {@code hmm_vma_fault}. */
  private void fault(Vma vma, long address) {
    if (request.writes() && !vma.isWritable()) {
      throw new MmException(
          Errno.EPERM,
          "%s: hmm at 0x%x".formatted(mm, address),
          "[%s] does not allow writing".formatted(vma),
          "a writable area",
          "");
    }
    int code = mm.handleFaultLocked(address, request.writes());
    if ((code & VmFault.ERROR) != 0) {
      throw fault(address, "a fault that failed with VM_FAULT 0x%x".formatted(code));
    }
  }
}
