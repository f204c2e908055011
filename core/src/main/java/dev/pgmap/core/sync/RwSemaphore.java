package dev.pgmap.core.sync;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A sleeping lock with shared readers, {@code struct rw_semaphore}; fair, so that writers get in.
 */
public final class RwSemaphore {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  /** Enters as a reader ({@code down_read}). */
  public void lockRead() {
    lock.readLock().lock();
  }

  /** Leaves as a reader ({@code up_read}). */
  public void unlockRead() {
    lock.readLock().unlock();
  }

  /** Enters as the only one ({@code down_write}). */
  public void lockWrite() {
    lock.writeLock().lock();
  }

  /** Leaves as the only one ({@code up_write}). */
  public void unlockWrite() {
    lock.writeLock().unlock();
  }
}
