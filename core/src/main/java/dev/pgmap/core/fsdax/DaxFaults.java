package dev.pgmap.core.fsdax;

import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.EntryTable.Slot;
import dev.pgmap.core.mm.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Faults of a DAX file: {@code dax_iomap_fault}, and {@code dax_finish_sync_fault} where the
 * metadata that lead to a page have to be on the medium before it is written to.
 *
 * <p>Called with the invalidate lock held as a reader. Thread-safe.
 */
final class DaxFaults {
  private final DaxFile file;
  private final EntryGrab grab;
  private final Writeback writeback;

  DaxFaults(DaxFile file, Writeback writeback) {
    this.file = file;
    this.grab = new EntryGrab(file);
    this.writeback = writeback;
  }

  int handle(Fault fault) {
    BlockFault block = new BlockFault(file, fault, grab);
    int result = iomapFault(block, fault.order());
    return (result & VmFault.NEEDDSYNC) == 0 ? result : finishSync(block, fault);
  }

  @KernelFunction("dax_iomap_fault")
  private int iomapFault(BlockFault block, int order) {
    return switch (order) {
      case 0 -> new PteFault(file, block).run();
      case DaxEntry.PMD_ORDER -> new PmdFault(file, block).run();
      default -> VmFault.FALLBACK;
    };
  }

  @KernelFunction("dax_finish_sync_fault")
  private int finishSync(BlockFault block, Fault fault) {
    try {
      writeback.run(block.index(), block.index() + block.nrPages());
      file.iomap().syncMetadata();
    } catch (MmException e) {
      return VmFault.SIGBUS;
    }
    return insertPfnMkwrite(block, fault);
  }

  /** {@code dax_insert_pfn_mkwrite}: the entry may have gone while the metadata were written. */
  @KernelFunction("dax_insert_pfn_mkwrite")
  private int insertPfnMkwrite(BlockFault block, Fault fault) {
    FaultInfo info = new FaultInfo(file, fault);
    Slot slot = lockForWrite(block, fault.order());
    if (slot == null) {
      return info.emit(FsDaxEvents::insertPfnMkwriteNoEntry, VmFault.NOPAGE);
    }
    try {
      return info.emit(FsDaxEvents::insertPfnMkwrite, block.insertPage(block.syncPfn(), true));
    } finally {
      file.locks().unlock(slot);
    }
  }

  private @Nullable Slot lockForWrite(BlockFault block, int order) {
    EntryTable table = file.table();
    table.lock();
    try {
      EntryLocks.Found found = file.locks().nextUnlocked(block.index(), order);
      Slot slot = found.slot();
      if (slot == null || order == 0 && DaxEntry.isPmd(slot.entry())) {
        file.locks().pass(found);
        return null;
      }
      slot.setDirty(true);
      return file.locks().lock(slot);
    } finally {
      table.unlock();
    }
  }
}
