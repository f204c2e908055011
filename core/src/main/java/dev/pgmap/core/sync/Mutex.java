package dev.pgmap.core.sync;

import java.util.concurrent.locks.ReentrantLock;

/** A sleeping lock, {@code struct mutex}. Not recursive: locking it twice is an error. */
public final class Mutex {
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Takes the lock, sleeping while another thread has it.
   *
   * @throws IllegalStateException if this thread has it already
   */
  public void lock() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("mutex: already held by this thread");
    }
    lock.lock();
  }

  /** Gives the lock back; only its holder may. */
  public void unlock() {
    lock.unlock();
  }

  /** Whether the calling thread holds the lock, for assertions. */
  public boolean isHeld() {
    return lock.isHeldByCurrentThread();
  }
}
