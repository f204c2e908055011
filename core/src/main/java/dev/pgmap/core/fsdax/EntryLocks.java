package dev.pgmap.core.fsdax;

import dev.pgmap.core.fsdax.EntryTable.Slot;
import dev.pgmap.core.mm.EngineFile;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks of the entries of one file: a bit in the entry, changed under the table's lock, and a
 * place to wait.
 *
 * <p>Rules: only its owner changes or removes a locked entry. Who was woken to own an entry and
 * does not lock it passes the turn on. Who removes an entry wakes all, since there is nothing left
 * to pass on.
 */
final class EntryLocks {
  /**
   * What a search found.
   *
   * @param slot the entry, unlocked; null if there is none
   * @param conflict whether smaller entries stand in the way of the order asked for
   */
  record Found(@Nullable Slot slot, boolean conflict) {}

  private static final Found NONE = new Found(null, false);
  private static final Found CONFLICT = new Found(null, true);

  private final long mappingId;
  private final EntryTable table;
  private final EntryWaits waits;

  EntryLocks(long mappingId, EntryTable table, EntryWaits waits) {
    this.mappingId = mappingId;
    this.table = table;
    this.waits = waits;
  }

  /**
   * {@code get_next_unlocked_entry}: the entry that stands in the place of one of that order. Waits
   * while it is locked. The table is locked, but not for the time of the wait.
   */
  Found nextUnlocked(long index, int order) {
    long first = index & -(1L << order);
    while (true) {
      Slot slot = table.firstIn(first, first + (1L << order));
      if (slot == null) {
        return NONE;
      }
      if (DaxEntry.order(slot.entry()) < order) {
        return CONFLICT;
      }
      if (!DaxEntry.isLocked(slot.entry())) {
        return new Found(slot, false);
      }
      await(slot, true);
    }
  }

  /**
   * {@code wait_entry_unlocked_exclusive}: the first entry of a part, once it is unlocked. It looks
   * again from the same place after each wait, so that no entry of the part is missed. The table is
   * locked, but not for the time of the wait.
   */
  @Nullable Slot firstUnlocked(long from, long end) {
    while (true) {
      Slot slot = table.firstIn(from, end);
      if (slot == null || !DaxEntry.isLocked(slot.entry())) {
        return slot;
      }
      await(slot, true);
    }
  }

  /**
   * {@code dax_lock_folio} and {@code dax_lock_mapping_entry}: locks the entry at a page offset, if
   * there is one that leads to blocks. Waits without a turn of its own, as it may find that it does
   * not want the entry any more.
   *
   * @param wanted asked under the table's lock whether the entry is still the one to be locked
   * @return null if it is not wanted
   */
  EngineFile.@Nullable EntryHold hold(long index, BooleanSupplier wanted) {
    table.lock();
    try {
      while (wanted.getAsBoolean()) {
        Slot slot = table.at(index);
        if (slot == null || !DaxEntry.isLocked(slot.entry())) {
          return holdOf(slot, index);
        }
        await(slot, false);
      }
      return null;
    } finally {
      table.unlock();
    }
  }

  private EngineFile.EntryHold holdOf(@Nullable Slot slot, long index) {
    if (slot == null || !DaxEntry.isReal(slot.entry())) {
      return EngineFile.EntryHold.NOTHING;
    }
    long pfn = DaxEntry.pfn(slot.entry()) + index - slot.index();
    return new LockedEntry(this, lock(slot), pfn);
  }

  private record LockedEntry(EntryLocks locks, Slot slot, long pfn)
      implements EngineFile.EntryHold {
    @Override
    public void release() {
      locks.unlock(slot);
    }
  }

  private void await(Slot slot, boolean exclusive) {
    EntryWaits.Turn turn = waits.prepare(mappingId, slot, exclusive);
    table.unlock();
    try {
      turn.sleep();
    } finally {
      table.lock();
    }
  }

  /** {@code dax_lock_entry}; the table is locked. */
  Slot lock(Slot slot) {
    slot.set(DaxEntry.locked(slot.entry()));
    return slot;
  }

  /** {@code dax_unlock_entry}: gives a locked entry up; the table is not locked. */
  void unlock(Slot slot) {
    table.lock();
    try {
      unlockInTable(slot);
    } finally {
      table.unlock();
    }
  }

  /** The same; the table is locked. */
  void unlockInTable(Slot slot) {
    slot.set(DaxEntry.unlocked(slot.entry()));
    waits.wakeNext(mappingId, slot);
  }

  /** {@code put_unlocked_entry}: passes on the turn of who does not lock; the table is locked. */
  void pass(Found found) {
    if (found.slot() != null) {
      waits.wakeNext(mappingId, found.slot());
    }
  }

  /** Removes an entry that is unlocked, or owned by the caller; the table is locked. */
  void remove(Slot slot) {
    table.remove(slot);
    waits.wakeAll(mappingId, slot);
  }
}
