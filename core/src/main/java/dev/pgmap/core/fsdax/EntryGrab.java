package dev.pgmap.core.fsdax;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.EntryTable.Slot;
import dev.pgmap.core.phys.AllocFaults;
import org.jspecify.annotations.Nullable;

/**
 * {@code grab_mapping_entry}: finds or makes the entry that a fault works on, and locks it.
 *
 * <p>Conflicts: small entries win over a PMD entry that is asked for. A PMD entry that leads to
 * nothing or to zeroes gives way to a small one; one that leads to blocks stays, and serves faults
 * of single pages too.
 */
final class EntryGrab {
  private final DaxFile file;
  private final EntryTable table;
  private final EntryLocks locks;

  EntryGrab(DaxFile file) {
    this.file = file;
    this.table = file.table();
    this.locks = file.locks();
  }

  /**
   * The entry for a page offset, locked by the caller from now on.
   *
   * @param order 0 or {@link DaxEntry#PMD_ORDER}
   * @return null if smaller entries stand in the way
   * @throws dev.pgmap.api.MmException ENOMEM without memory for the entry
   */
  @KernelFunction("grab_mapping_entry")
  @Nullable Slot grab(long index, int order) {
    table.lock();
    try {
      EntryLocks.Found found = locks.nextUnlocked(index, order);
      if (found.conflict()) {
        return null;
      }
      Slot slot = found.slot();
      if (slot != null && !givesWay(slot, order)) {
        return locks.lock(slot);
      }
      if (slot != null) {
        downgrade(locks.lock(slot));
      }
      file.context().mm().ram().faults().check(AllocFaults.Site.ENTRY);
      long flags = DaxEntry.EMPTY | DaxEntry.LOCKED | (order > 0 ? DaxEntry.PMD : 0);
      return table.add(index & -(1L << order), flags);
    } finally {
      table.unlock();
    }
  }

  private static boolean givesWay(Slot slot, int order) {
    return order == 0 && DaxEntry.isPmd(slot.entry()) && !DaxEntry.isReal(slot.entry());
  }

  /** Removes a PMD entry without blocks, which is locked; the table is locked before and after. */
  private void downgrade(Slot slot) {
    if (DaxEntry.isZero(slot.entry())) {
      table.unlock();
      try {
        file.space().unmapMappingRange(slot.index(), DaxEntry.PMD_PAGES);
      } finally {
        table.lock();
      }
    }
    locks.remove(slot);
  }
}
