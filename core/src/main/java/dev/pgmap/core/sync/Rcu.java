package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Read-copy-update: lookups that take no lock, and a way to wait until all of them are over.
 *
 * <p>It stands for two things of the kernel. {@code rcu_read_lock} and {@code synchronize_rcu}
 * protect the pgmap lookup. And gup-fast walks page tables with interrupts off, which holds back
 * the TLB-flush interrupt of whoever clears an entry; here it walks inside a read section, and who
 * clears entries calls {@link #synchronize} before the pages may go away.
 *
 * <p>The algorithm is that of sleepable RCU. There are two banks of counters; the low bit of the
 * epoch says which one new readers use. A reader counts its entry in one bank and its exit in the
 * same one. A writer flips the epoch and waits until the old bank shows as many exits as entries,
 * reading the exits first: an entry that it then counts without its exit is a live reader. A reader
 * may load the epoch, be delayed, and count itself in the old bank after the flip; therefore the
 * writer first waits for the bank that it is about to make current again. Readers that come after
 * the flip use that bank, so a stream of them cannot hold the writer up.
 *
 * <p>Assumptions: read sections are short and do not call {@link #synchronize}. Guarantees: when
 * synchronize returns, every read section that had begun before the call is over, and what it read
 * happened before. Readers never wait. Each read section costs two uncontended atomic additions.
 */
public final class Rcu {
  private static final int SPINS_BEFORE_YIELD = 100;

  private final Sync sync;
  private final PaddedCounters[] entries;
  private final PaddedCounters[] exits;
  private final AtomicInteger epoch = new AtomicInteger();
  private final Mutex writers = new Mutex();

  Rcu(Sync sync) {
    this.sync = sync;
    this.entries = new PaddedCounters[] {counters(sync), counters(sync)};
    this.exits = new PaddedCounters[] {counters(sync), counters(sync)};
  }

  private static PaddedCounters counters(Sync sync) {
    return new PaddedCounters(sync.nrCpus());
  }

  /**
   * Begins a read section; sections nest.
   *
   * @return a token for {@link #readUnlock}
   */
  public int readLock() {
    int cpu = sync.cpu();
    int bank = epoch.get() & 1;
    entries[bank].add(cpu, 1);
    return cpu << 1 | bank;
  }

  /** Ends the read section that returned this token. */
  public void readUnlock(int token) {
    exits[token & 1].add(token >>> 1, 1);
  }

  /** Waits until every read section that is open now has ended. */
  public void synchronize() {
    writers.lock();
    try {
      int current = epoch.get() & 1;
      drain(current ^ 1);
      epoch.incrementAndGet();
      drain(current);
    } finally {
      writers.unlock();
    }
  }

  private void drain(int bank) {
    int spins = 0;
    while (!isDrained(bank)) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private boolean isDrained(int bank) {
    long nrExits = exits[bank].sum();
    return entries[bank].sum() == nrExits;
  }
}
