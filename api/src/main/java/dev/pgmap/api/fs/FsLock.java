package dev.pgmap.api.fs;

/** A sleeping lock, {@code struct mutex}; not recursive. */
public interface FsLock {
  /**
   * Takes the lock.
   *
   * @throws IllegalStateException if this thread has it
   */
  void lock();

  /** Gives it back; only its holder may. */
  void unlock();
}
