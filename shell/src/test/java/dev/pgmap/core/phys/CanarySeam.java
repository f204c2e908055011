package dev.pgmap.core.phys;

import java.util.concurrent.locks.LockSupport;

/** Everything the engine must leave to its seam, and a static mutable field. */
final class CanarySeam {
  static int count;
  private final ThreadLocal<Integer> local = new ThreadLocal<>();

  synchronized void synchronizedMethod() {
    count++;
  }

  void synchronizedBlock() {
    synchronized (local) {
      count++;
    }
  }

  long timeAndThread() {
    LockSupport.parkNanos(1);
    return System.nanoTime() + Thread.currentThread().threadId();
  }
}
