package dev.pgmap.core.fsdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.EngineFile;
import dev.pgmap.core.mm.Fault;
import dev.pgmap.core.sync.RwSemaphore;

/** A mapping without DAX entries: the file can be opened, read and written, but not touched. */
public final class PlainMapping implements FileMapping, EngineFile {
  private final RwSemaphore invalidateLock = new RwSemaphore();
  private final AddressSpaces spaces;
  private final AddressSpace space;

  /** A mapping of that name. */
  public PlainMapping(AddressSpaces spaces, String name) {
    this.spaces = spaces;
    this.space = spaces.create(name, this);
  }

  @Override
  public AddressSpace space() {
    return space;
  }

  @Override
  public void lockInvalidate() {
    invalidateLock.lockWrite();
  }

  @Override
  public void unlockInvalidate() {
    invalidateLock.unlockWrite();
  }

  @Override
  public void breakLayout(long fromPgoff, long nrPages) {}

  @Override
  public void unmap(long fromPgoff, long nrPages) {}

  @Override
  public void deleteRange(long fromPgoff, long nrPages) {}

  @Override
  public void writeback(long fromPgoff, long nrPages) {}

  @Override
  public void invalidate(long fromPgoff, long nrPages) {}

  @Override
  public int killProcs(long fromPgoff, long nrPages, int mfFlags) {
    return -Errno.EOPNOTSUPP.number();
  }

  @Override
  public boolean isMapped() {
    return space.nrAreas() > 0;
  }

  @Override
  public void evict() {
    spaces.remove(space);
  }

  @Override
  public int handle(Fault fault) {
    return VmFault.SIGBUS;
  }

  @Override
  public long mappingAlignBytes(long bytes) {
    return 4096;
  }

  @Override
  public long mappingAlignBytes() {
    return 4096;
  }

  @Override
  public void mmap(VmArea vma) {}
}
