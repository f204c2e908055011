package dev.pgmap.core.fs;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.FsLock;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.core.fsdax.FileMappings;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.pmem.DiskBytes;
import dev.pgmap.core.sync.Mutex;
import org.jspecify.annotations.Nullable;

/** What the engine does for one mount. Thread-safe. */
final class MountHost implements FsHost {
  private final String path;
  private final DiskBytes bytes;
  private final FileMappings mappings;
  private final boolean sharedBlocks;
  private final KernelLog log;
  private volatile @Nullable HolderOps holder;

  MountHost(
      String path, DiskBytes bytes, FileMappings mappings, boolean sharedBlocks, KernelLog log) {
    this.path = path;
    this.bytes = bytes;
    this.mappings = mappings;
    this.sharedBlocks = sharedBlocks;
    this.log = log;
  }

  @Override
  public DaxMapping newMapping(String name, long ino, IomapOps iomap) {
    return mappings.create(path.equals("/") ? "/" + name : path + "/" + name, ino, iomap, bytes);
  }

  @Override
  public FsLock newLock() {
    Mutex mutex = new Mutex();
    return new FsLock() {
      @Override
      public void lock() {
        mutex.lock();
      }

      @Override
      public void unlock() {
        mutex.unlock();
      }
    };
  }

  @Override
  public void setHolder(HolderOps ops) {
    bytes.disk().hold(ops);
    holder = ops;
  }

  /** Gives the device back, if it was taken. */
  void releaseHolder() {
    HolderOps held = holder;
    if (held != null) {
      bytes.disk().release(held);
    }
  }

  @Override
  public boolean supportsSharedBlocks() {
    return sharedBlocks;
  }

  @Override
  public void log(String line) {
    log.info("%s", line);
  }
}
