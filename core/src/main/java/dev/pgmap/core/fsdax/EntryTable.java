package dev.pgmap.core.fsdax;

import dev.pgmap.core.sync.SpinLock;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The DAX entries of one file by page offset, {@code mapping->i_pages}, with their marks.
 *
 * <p>Everything but {@link #lock} and {@link #unlock} wants the lock held. Entries never overlap. A
 * {@link Slot} is good until the lock is given up, unless its entry is locked.
 */
final class EntryTable {
  /** An entry in its place. */
  static final class Slot {
    private final long index;
    private long entry;
    private boolean dirty;
    private boolean toWrite;

    private Slot(long index, long entry) {
      this.index = index;
      this.entry = entry;
    }

    /** The first page offset that it stands for. */
    long index() {
      return index;
    }

    /** One past the last page offset that it stands for. */
    long end() {
      return index + DaxEntry.nrPages(entry);
    }

    long entry() {
      return entry;
    }

    /** Changes the value; not the size. */
    void set(long value) {
      entry = value;
    }

    /** {@code PAGECACHE_TAG_DIRTY}: written to since it was last cleaned. */
    boolean isDirty() {
      return dirty;
    }

    void setDirty(boolean value) {
      dirty = value;
    }

    /** {@code PAGECACHE_TAG_TOWRITE}: a write-back that is under way will clean it. */
    boolean isToWrite() {
      return toWrite;
    }

    void setToWrite(boolean value) {
      toWrite = value;
    }
  }

  private final SpinLock lock = new SpinLock();
  private final TreeMap<Long, Slot> slots = new TreeMap<>();
  private long nrPages;

  /** {@code xas_lock_irq}. */
  void lock() {
    lock.lock();
  }

  /** {@code xas_unlock_irq}. */
  void unlock() {
    lock.unlock();
  }

  /** The entry that stands for a page offset. */
  @Nullable Slot at(long index) {
    Map.Entry<Long, Slot> floor = slots.floorEntry(index);
    return floor != null && index < floor.getValue().end() ? floor.getValue() : null;
  }

  /** The first entry that stands for a page offset from {@code from} on and below {@code end}. */
  @Nullable Slot firstIn(long from, long end) {
    Slot there = at(from);
    if (there == null) {
      Map.Entry<Long, Slot> next = slots.ceilingEntry(from);
      there = next == null ? null : next.getValue();
    }
    return there != null && there.index() < end ? there : null;
  }

  /** {@code mapping_tagged}: whether any entry is dirty. */
  boolean hasDirty() {
    return slots.values().stream().anyMatch(Slot::isDirty);
  }

  /** {@code tag_pages_for_writeback}: dirty entries of a part are to be written. */
  void tagForWrite(long from, long end) {
    for (Slot slot = firstIn(from, end); slot != null; slot = firstIn(slot.end(), end)) {
      slot.setToWrite(slot.isToWrite() || slot.isDirty());
    }
  }

  /** Adds an entry where none is; {@code index} is a multiple of its size. */
  Slot add(long index, long entry) {
    Slot slot = new Slot(index, entry);
    slots.put(index, slot);
    nrPages += DaxEntry.nrPages(entry);
    return slot;
  }

  void remove(Slot slot) {
    slots.remove(slot.index());
    nrPages -= DaxEntry.nrPages(slot.entry());
  }

  /** {@code mapping->nrpages}: page offsets that entries stand for. */
  long nrPages() {
    return nrPages;
  }
}
