package dev.pgmap.core.fsdax;

import dev.pgmap.core.sync.KeyedWaitQueue;
import java.util.Arrays;

/**
 * Where waiters for locked entries sleep: queues that the entries of all files of a machine share
 * by the hash of file and page offset ({@code dax_entry_waitqueue}). A PMD entry is waited for at
 * its first page offset, whichever one was asked for. Thread-safe.
 */
public final class EntryWaits {
  private static final int NR_QUEUES = 4096;

  /** What is waited for. */
  private record Key(long mappingId, long index) {}

  private final KeyedWaitQueue[] queues = new KeyedWaitQueue[NR_QUEUES];

  /** Queues without waiters. */
  public EntryWaits() {
    Arrays.setAll(queues, unused -> new KeyedWaitQueue());
  }

  /** A thread on its queue. */
  record Turn(KeyedWaitQueue queue, KeyedWaitQueue.Waiter waiter) {
    void sleep() {
      queue.sleep(waiter);
    }
  }

  /** Puts the calling thread on the queue of an entry; the file's table is locked. */
  Turn prepare(long mappingId, EntryTable.Slot slot, boolean exclusive) {
    Key key = keyOf(mappingId, slot);
    KeyedWaitQueue queue = queueOf(key);
    return new Turn(queue, queue.prepare(key, exclusive));
  }

  /** {@code WAKE_NEXT}: the entry is unlocked; its next owner may take it. */
  void wakeNext(long mappingId, EntryTable.Slot slot) {
    Key key = keyOf(mappingId, slot);
    queueOf(key).wakeNext(key);
  }

  /** {@code WAKE_ALL}: the entry is gone; everybody has to look anew. */
  void wakeAll(long mappingId, EntryTable.Slot slot) {
    Key key = keyOf(mappingId, slot);
    queueOf(key).wakeAll(key);
  }

  private static Key keyOf(long mappingId, EntryTable.Slot slot) {
    return new Key(mappingId, slot.index());
  }

  private KeyedWaitQueue queueOf(Key key) {
    return queues[key.hashCode() * 0x9e37_79b1 >>> 20];
  }

  /** How many threads wait for entries, over all files. */
  public int nrWaiters() {
    return Arrays.stream(queues).mapToInt(KeyedWaitQueue::nrWaiters).sum();
  }
}
