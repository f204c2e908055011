package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.FsLock;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.fs.IomapOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An engine without entries: it notes what a file system asks for. */
final class TestHost implements FsHost {
  /** The mapping of a file; notes calls. */
  static final class Mapping implements DaxMapping {
    final IomapOps iomap;
    final List<String> calls = new ArrayList<>();
    final ReentrantLock invalidateLock = new ReentrantLock();
    boolean mapped;

    Mapping(IomapOps iomap) {
      this.iomap = iomap;
    }

    @Override
    public void lockInvalidate() {
      invalidateLock.lock();
    }

    @Override
    public void unlockInvalidate() {
      invalidateLock.unlock();
    }

    @Override
    public void breakLayout(long fromPgoff, long nrPages) {
      calls.add("breakLayout");
    }

    @Override
    public void unmap(long fromPgoff, long nrPages) {
      calls.add("unmap");
    }

    @Override
    public void deleteRange(long fromPgoff, long nrPages) {
      calls.add("deleteRange " + fromPgoff);
    }

    @Override
    public void writeback(long fromPgoff, long nrPages) {
      calls.add("writeback");
    }

    @Override
    public void invalidate(long fromPgoff, long nrPages) {
      calls.add("invalidate %d %d".formatted(fromPgoff, nrPages));
    }

    @Override
    public int killProcs(long fromPgoff, long nrPages, int mfFlags) {
      calls.add("killProcs %d %d".formatted(fromPgoff, nrPages));
      return 0;
    }

    @Override
    public boolean isMapped() {
      return mapped;
    }

    @Override
    public void evict() {
      calls.add("evict");
    }
  }

  final Map<Long, Mapping> mappings = new HashMap<>();
  final List<String> log = new ArrayList<>();
  boolean sharedBlocks = true;
  @Nullable HolderOps holder;

  @Override
  public DaxMapping newMapping(String name, long ino, IomapOps iomap) {
    Mapping mapping = new Mapping(iomap);
    mappings.put(ino, mapping);
    return mapping;
  }

  @Override
  public FsLock newLock() {
    ReentrantLock lock = new ReentrantLock();
    return new FsLock() {
      @Override
      public void lock() {
        if (lock.isHeldByCurrentThread()) {
          throw new IllegalStateException("locked twice");
        }
        lock.lock();
      }

      @Override
      public void unlock() {
        lock.unlock();
      }
    };
  }

  @Override
  public void setHolder(HolderOps ops) {
    holder = ops;
  }

  @Override
  public boolean supportsSharedBlocks() {
    return sharedBlocks;
  }

  @Override
  public void log(String line) {
    log.add(line);
  }
}
