package dev.pgmap.core.sync;

import java.util.concurrent.atomic.AtomicLongArray;

/** One counter per cpu, each on cache lines of its own. Every operation is atomic. */
final class PaddedCounters {
  private static final int LONGS_APART = 16;

  private final int nrCounters;
  private final AtomicLongArray slots;

  PaddedCounters(int nrCounters) {
    this.nrCounters = nrCounters;
    this.slots = new AtomicLongArray(nrCounters * LONGS_APART);
  }

  void add(int counter, long n) {
    slots.getAndAdd(counter * LONGS_APART, n);
  }

  long sum() {
    long sum = 0;
    for (int i = 0; i < nrCounters; i++) {
      sum += slots.get(i * LONGS_APART);
    }
    return sum;
  }
}
