package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.FsLock;
import dev.pgmap.plugins.fsdax.volume.Inode;
import dev.pgmap.plugins.fsdax.volume.Transaction;
import dev.pgmap.plugins.fsdax.volume.Volume;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A mounted file system's parts and its locks. Thread-safe. */
final class FsContext {
  private final Volume volume;
  private final FsHost host;
  private final FsLock lock;
  private final FsLock cloneLock;
  private volatile boolean shutdown;

  FsContext(Volume volume, FsHost host) {
    this.volume = volume;
    this.host = host;
    this.lock = host.newLock();
    this.cloneLock = host.newLock();
  }

  Volume volume() {
    return volume;
  }

  FsHost host() {
    return host;
  }

  /**
   * Held by the one clone that is under way. While it waits for a pinned page it has given up the
   * lock of that file and keeps that of the other: a second clone could take the first and wait for
   * the other, and whoever has the page pinned, and faults in more of its file, would wait for
   * both.
   */
  FsLock cloneLock() {
    return cloneLock;
  }

  /** Whether it refuses everything from now on. */
  boolean isShutdown() {
    return shutdown || volume.isBroken();
  }

  /** {@code xfs_force_shutdown}: nothing works any more but unmounting. */
  void shutdown(String why) {
    if (!shutdown) {
      shutdown = true;
      host.log("%s: forced shutdown: %s".formatted(volume.medium().name(), why));
    }
  }

  /** It is unmounted: refuses everything, as after a shutdown. */
  void shutdownQuietly() {
    shutdown = true;
  }

  /**
   * Refuses after a shutdown.
   *
   * @throws MmException EIO
   */
  void checkAlive() {
    if (isShutdown()) {
      throw new MmException(
          Errno.EIO,
          volume.medium().name(),
          "the file system was shut down",
          "a working one",
          "umount it; the next mount replays its journal");
    }
  }

  /** Runs something under the lock, unless the file system was shut down. */
  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      checkAlive();
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Runs something under the lock, whatever happened. */
  void lockedAlways(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Makes one change under the lock; what {@code build} throws undoes it. */
  void change(Consumer<Transaction> build) {
    locked(() -> {
      commit(build);
      return true;
    });
  }

  /**
   * Makes one change, of blocks or of bytes in their place, and orders it before the next; the
   * caller holds the lock.
   */
  void commit(Consumer<Transaction> build) {
    try (Transaction transaction = new Transaction(volume)) {
      build.accept(transaction);
      transaction.commit();
      volume.medium().fence();
    }
  }

  /** Puts the lazy changes of an inode on the medium; the caller holds the lock. */
  void commitLazyChanges(Inode inode) {
    if (inode.isDirty()) {
      commit(transaction -> transaction.put(inode, inode.state()));
    }
  }

  /** Runs something while no fault of a file can come in. */
  static void withoutFaults(DaxMapping mapping, Runnable action) {
    mapping.lockInvalidate();
    try {
      action.run();
    } finally {
      mapping.unlockInvalidate();
    }
  }
}
