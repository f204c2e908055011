package dev.pgmap.core.pgmap;

import dev.pgmap.core.testing.Floors;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes and drops page references as gup-fast does: in a read section, of a page that a page table
 * still maps. Whoever unmaps it waits for a grace period, which is all that protects these
 * references in a kernel whose teardown does not look at pages.
 */
final class TransientHolder {
  private static final int ROUNDS = 2000;

  private TransientHolder() {}

  /** Goes on until the pages are unmapped, or for some time. */
  static void run(Floors floors, AtomicBoolean mapped, long firstPfn, int nrPages, long seed) {
    Random random = new Random(seed * 31 + Thread.currentThread().threadId());
    for (int i = 0; i < ROUNDS && mapped.get(); i++) {
      touch(floors, mapped, firstPfn + random.nextInt(nrPages), 1 + random.nextInt(3));
    }
  }

  private static void touch(Floors floors, AtomicBoolean mapped, long pfn, int n) {
    int token = floors.sync.rcu().readLock();
    try {
      if (mapped.get()) {
        floors.hold(pfn, n);
        Thread.onSpinWait();
        floors.put.put(pfn, n);
      }
    } finally {
      floors.sync.rcu().readUnlock(token);
    }
  }
}
