package dev.pgmap.core.p2pdma;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.FreeExtents;
import dev.pgmap.core.sync.Mutex;

/** {@code struct gen_pool}: the free pages of a provider. Thread-safe. */
final class P2pPool {
  private final String name;
  private final Mutex lock = new Mutex();
  private final FreeExtents free = new FreeExtents();
  private long nrPages;

  P2pPool(String name) {
    this.name = name;
  }

  /** Adds pages that the pool did not have. */
  void grow(long firstPfn, long pages) {
    lock.lock();
    free.add(firstPfn, pages);
    nrPages += pages;
    lock.unlock();
  }

  /**
   * Takes contiguous pages.
   *
   * @throws MmException ENOMEM without so many
   */
  long take(long pages) {
    lock.lock();
    try {
      long first = free.take(pages, 1);
      if (first < 0) {
        throw new MmException(
            Errno.ENOMEM,
            name + ": peer-to-peer memory",
            "%d of %d pages free".formatted(free.nrPages(), nrPages),
            pages + " in one piece",
            "free or unmap some");
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Gives pages back. */
  void put(long firstPfn, long pages) {
    lock.lock();
    free.add(firstPfn, pages);
    lock.unlock();
  }

  long nrPages() {
    lock.lock();
    try {
      return nrPages;
    } finally {
      lock.unlock();
    }
  }

  long nrFreePages() {
    lock.lock();
    try {
      return free.nrPages();
    } finally {
      lock.unlock();
    }
  }
}
