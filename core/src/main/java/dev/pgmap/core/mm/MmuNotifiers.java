package dev.pgmap.core.mm;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.sync.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct mmu_notifier_subscriptions}: who mirrors the page tables of one mm and must hear
 * before entries change.
 *
 * <p>A mirror subscribes to a range. Whoever changes entries brackets it by {@link #begin} and
 * {@link #finish}; between them the mirror may not use what it read. The sequence number is odd
 * while a change is under way; a mirror takes it before it reads entries ({@link
 * Subscription#readBegin}) and asks after, under the lock that its callback takes, whether it is
 * still good.
 *
 * <p>Thread-safe. Callbacks run on the thread that changes entries, with the mmap lock or the lock
 * of a file held, never under the page-table lock. They may sleep, but must not change entries.
 */
public final class MmuNotifiers {
  /** Why entries change, {@code enum mmu_notifier_event}. */
  public enum Event {
    /** Addresses go away: munmap, mremap, exit. */
    UNMAP,
    /** Entries go, addresses stay. */
    CLEAR,
    /** Access rights of an area change. */
    PROTECTION_VMA,
    /** Access rights of pages change. */
    PROTECTION_PAGE,
    /** Pages move to or from a device; {@code owner} says whose. */
    MIGRATE,
    /** A device gets a page alone; {@code owner} says which. */
    EXCLUSIVE
  }

  /**
   * A change of entries, {@code struct mmu_notifier_range}.
   *
   * @param start first address
   * @param end one past the last
   * @param event why
   * @param owner who migrates or takes pages alone; null otherwise
   */
  public record Range(long start, long end, Event event, @Nullable String owner) {}

  /** What a mirror does when entries are about to change. */
  @FunctionalInterface
  public interface Callback {
    /**
     * Forgets what was read in the range: takes the mirror's lock, calls {@link
     * Subscription#setSeq}, drops its entries.
     *
     * @param subscription whose callback this is
     * @param seq for {@link Subscription#setSeq}
     */
    void invalidate(Subscription subscription, Range range, long seq);
  }

  private final Mutex lock = new Mutex();
  private final WaitQueue ended = new WaitQueue();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private int active;
  private volatile long invalidateSeq = 2;

  MmuNotifiers() {}

  /** A mirror's interest in a range, {@code struct mmu_interval_notifier}. */
  public final class Subscription {
    private final long start;
    private final long end;
    private final Callback callback;
    private volatile long seq;

    private Subscription(long start, long end, Callback callback) {
      this.start = start;
      this.end = end;
      this.callback = callback;
    }

    /**
     * Begins to read entries ({@code mmu_interval_read_begin}): sleeps while a change of the range
     * is under way.
     *
     * @return for {@link #readRetry}
     */
    @KernelFunction("mmu_interval_read_begin")
    public long readBegin() {
      lock.lock();
      long mine = seq;
      boolean changing = mine == invalidateSeq;
      lock.unlock();
      if (changing) {
        ended.await(() -> invalidateSeq != mine);
      }
      return mine;
    }

    /** Whether what was read since then is not to be used; under the mirror's own lock. */
    public boolean readRetry(long begun) {
      return seq != begun;
    }

    /** Only in the callback, under the mirror's own lock ({@code mmu_interval_set_seq}). */
    public void setSeq(long current) {
      seq = current;
    }

    /** Ends the subscription and waits until no callback of it runs. */
    @KernelFunction("mmu_interval_notifier_remove")
    public void remove() {
      lock.lock();
      subscriptions.remove(this);
      boolean changing = active > 0;
      long now = invalidateSeq;
      lock.unlock();
      if (changing) {
        ended.await(() -> invalidateSeq != now);
      }
    }

    private boolean overlaps(Range range) {
      return start < range.end && range.start < end;
    }
  }

  /** Subscribes a mirror ({@code mmu_interval_notifier_insert}). */
  @KernelFunction("mmu_interval_notifier_insert")
  public Subscription subscribe(long start, long end, Callback callback) {
    Subscription subscription = new Subscription(start, end, callback);
    lock.lock();
    if (active > 0) {
      invalidateSeq |= 1;
      subscription.seq = invalidateSeq;
    } else {
      subscription.seq = invalidateSeq - 1;
    }
    subscriptions.add(subscription);
    lock.unlock();
    return subscription;
  }

  /** Entries are about to change ({@code mmu_notifier_invalidate_range_start}). May sleep. */
  public void begin(Range range) {
    List<Subscription> told = new ArrayList<>();
    lock.lock();
    active++;
    for (Subscription subscription : subscriptions) {
      if (subscription.overlaps(range)) {
        told.add(subscription);
      }
    }
    if (!told.isEmpty()) {
      invalidateSeq |= 1;
    }
    long seq = invalidateSeq;
    lock.unlock();
    told.forEach(subscription -> subscription.callback.invalidate(subscription, range, seq));
  }

  /** The entries have changed ({@code mmu_notifier_invalidate_range_end}). */
  public void finish() {
    lock.lock();
    active--;
    boolean wake = active == 0;
    if (wake) {
      // Even numbers mean that nothing changes; the next one is new to every mirror.
      invalidateSeq = (invalidateSeq | 1) + 1;
    }
    lock.unlock();
    if (wake) {
      ended.wakeAll();
    }
  }

  /** Changes entries between {@link #begin} and {@link #finish}. */
  public void around(Range range, Runnable change) {
    begin(range);
    try {
      change.run();
    } finally {
      finish();
    }
  }
}
