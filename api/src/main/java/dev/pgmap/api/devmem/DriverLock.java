package dev.pgmap.api.devmem;

/** A sleeping lock, {@code struct mutex}, made by the engine. Not recursive. */
public interface DriverLock {
  /** Takes the lock. */
  void lock();

  /** Gives it back. */
  void unlock();
}
