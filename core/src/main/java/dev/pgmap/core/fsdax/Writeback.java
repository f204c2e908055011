package dev.pgmap.core.fsdax;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.EntryTable.Slot;
import org.jspecify.annotations.Nullable;

/**
 * {@code dax_writeback_mapping_range}: cleans the dirty entries of a file, so that the next write
 * to each of their pages faults and marks it again.
 *
 * <p>The order for each entry: lock it, take the mark of this write-back away, write-protect its
 * mappings, fence, and only then clear the dirty mark.
 */
final class Writeback {
  private final DaxFile file;

  Writeback(DaxFile file) {
    this.file = file;
  }

  /** Cleans the entries of a part; does nothing where no entry of the file is dirty. */
  void run(long from, long end) {
    EntryTable table = file.table();
    table.lock();
    try {
      if (!table.hasDirty()) {
        return;
      }
    } finally {
      table.unlock();
    }
    clean(from, end);
  }

  @KernelFunction("dax_writeback_mapping_range")
  private void clean(long from, long end) {
    EntryTable table = file.table();
    long dev = file.target().dev();
    FsDaxEvents.writebackRange(file.ino(), from, end - 1, dev);
    table.lock();
    try {
      table.tagForWrite(from, end);
      Slot slot = table.firstIn(from, end);
      while (slot != null) {
        long next = slot.end();
        if (slot.isToWrite()) {
          cleanOne(slot);
        }
        slot = table.firstIn(next, end);
      }
    } finally {
      table.unlock();
    }
    FsDaxEvents.writebackRangeDone(file.ino(), end, end - 1, dev);
  }

  /** {@code dax_writeback_one}; the table is locked before and after. */
  @KernelFunction("dax_writeback_one")
  private void cleanOne(Slot seen) {
    Slot slot = DaxEntry.isLocked(seen.entry()) ? waitFor(seen) : seen;
    if (slot == null) {
      return;
    }
    EntryTable table = file.table();
    file.locks().lock(slot);
    slot.setToWrite(false);
    table.unlock();
    try {
      file.space().writeProtect(slot.index(), DaxEntry.nrPages(slot.entry()));
      file.target().bytes().fence();
    } finally {
      table.lock();
    }
    slot.setDirty(false);
    file.locks().unlockInTable(slot);
    FsDaxEvents.writebackOne(
        file.ino(), slot.index(), DaxEntry.nrPages(slot.entry()), file.target().dev());
  }

  /**
   * The entry once it is unlocked, if it still leads to the same page and is still to be written.
   */
  private @Nullable Slot waitFor(Slot seen) {
    long pfn = DaxEntry.pfn(seen.entry());
    EntryLocks.Found found = file.locks().nextUnlocked(seen.index(), 0);
    Slot slot = found.slot();
    if (slot == null || DaxEntry.pfn(slot.entry()) != pfn || !slot.isToWrite()) {
      file.locks().pass(found);
      return null;
    }
    return slot;
  }
}
