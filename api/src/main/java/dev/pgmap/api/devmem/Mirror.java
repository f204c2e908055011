package dev.pgmap.api.devmem;

import org.jspecify.annotations.Nullable;

/** A subscription to changes of entries, {@code struct mmu_interval_notifier}. Thread-safe. */
public interface Mirror {
  /** Why entries change, {@code enum mmu_notifier_event}. */
  enum Event {
    UNMAP,
    CLEAR,
    PROTECTION_VMA,
    PROTECTION_PAGE,
    MIGRATE,
    EXCLUSIVE
  }

  /** What the mirror does before entries change. */
  @FunctionalInterface
  interface Listener {
    /**
     * Forgets what was read of a range. Takes the driver's lock, calls {@link Mirror#setSeq}, drops
     * its entries. Must not fault.
     *
     * @param start first address
     * @param end one past the last
     * @param owner who migrates or takes pages alone; else null
     * @param seq for {@link Mirror#setSeq}
     */
    void invalidate(
        Mirror mirror, long start, long end, Event event, @Nullable String owner, long seq);
  }

  /** Begins to read entries ({@code mmu_interval_read_begin}); may sleep. */
  long readBegin();

  /** Whether what was read since then is not to be used; under the driver's lock. */
  boolean readRetry(long seq);

  /** Only in the listener, under the driver's lock ({@code mmu_interval_set_seq}). */
  void setSeq(long seq);

  /** Ends the subscription; on return no listener runs. */
  void remove();
}
