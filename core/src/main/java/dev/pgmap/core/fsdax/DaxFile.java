package dev.pgmap.core.fsdax;

import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.EngineFile;
import dev.pgmap.core.mm.Fault;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.sync.RwSemaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A DAX file as the engine has it: its address space, its entries, and the invalidate lock that
 * keeps faults out while blocks come and go.
 *
 * <p>Lock order: mmap lock, invalidate lock, the lock of an entry, the table's lock; the lock of
 * the address space and page-table locks come after the lock of an entry. Thread-safe.
 */
public final class DaxFile implements FileMapping, EngineFile {
  private static final long PAGE_BYTES = 4096;
  private static final long PMD_BYTES = 2L << 20;

  private final FsDaxContext context;
  private final DaxTarget target;
  private final long ino;
  private final IomapOps iomap;
  private final AddressSpace space;
  private final EntryTable table = new EntryTable();
  private final EntryLocks locks;
  private final RwSemaphore invalidateLock = new RwSemaphore();
  private final DaxFaults faults;
  private final Writeback writeback;
  private final Layout layout;

  /**
   * A file without entries.
   *
   * @param name its path, for messages
   * @param ino its inode number, for events
   * @param iomap where its bytes lie
   */
  public DaxFile(FsDaxContext context, DaxTarget target, String name, long ino, IomapOps iomap) {
    this.context = context;
    this.target = target;
    this.ino = ino;
    this.iomap = iomap;
    this.space = context.spaces().create(name, this);
    this.locks = new EntryLocks(space.id(), table, context.waits());
    this.writeback = new Writeback(this);
    this.faults = new DaxFaults(this, writeback);
    this.layout = new Layout(this);
  }

  @Override
  public AddressSpace space() {
    return space;
  }

  /** Its inode number. */
  public long ino() {
    return ino;
  }

  FsDaxContext context() {
    return context;
  }

  DaxTarget target() {
    return target;
  }

  IomapOps iomap() {
    return iomap;
  }

  EntryTable table() {
    return table;
  }

  EntryLocks locks() {
    return locks;
  }

  /** Page offsets that its entries stand for, {@code mapping->nrpages}. */
  public long nrPages() {
    table.lock();
    try {
      return table.nrPages();
    } finally {
      table.unlock();
    }
  }

  @Override
  public void mmap(VmArea vma) {}

  @Override
  public boolean tries(Vma vma, long address, int level) {
    return level == Geometry.PMD && context.policies().triesBlocksBeyondArea()
        || vma.holdsBlock(address, level);
  }

  /** {@code thp_get_unmapped_area}: large mappings are placed so that PMD entries fit. */
  @Override
  public long mappingAlignBytes(long bytes) {
    return bytes >= PMD_BYTES ? PMD_BYTES : PAGE_BYTES;
  }

  @Override
  public long mappingAlignBytes() {
    return PAGE_BYTES;
  }

  @Override
  public int handle(Fault fault) {
    invalidateLock.lockRead();
    try {
      return faults.handle(fault);
    } finally {
      invalidateLock.unlockRead();
    }
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
  public void breakLayout(long fromPgoff, long nrPages) {
    layout.breakLayout(fromPgoff, endOf(fromPgoff, nrPages));
  }

  @Override
  public void unmap(long fromPgoff, long nrPages) {
    space.unmapMappingRange(fromPgoff, endOf(fromPgoff, nrPages) - fromPgoff);
  }

  @Override
  public void deleteRange(long fromPgoff, long nrPages) {
    unmap(fromPgoff, nrPages);
    layout.deleteEntries(fromPgoff, endOf(fromPgoff, nrPages));
  }

  @Override
  public void writeback(long fromPgoff, long nrPages) {
    writeback.run(fromPgoff, endOf(fromPgoff, nrPages));
  }

  @Override
  public void invalidate(long fromPgoff, long nrPages) {
    unmap(fromPgoff, nrPages);
    layout.invalidateEntries(fromPgoff, endOf(fromPgoff, nrPages));
  }

  /** One past the last page offset of a part. */
  private static long endOf(long from, long nrPages) {
    return nrPages >= Layout.END - from ? Layout.END : from + nrPages;
  }

  @Override
  public boolean isMapped() {
    return space.nrAreas() > 0;
  }

  @Override
  public int killProcs(long fromPgoff, long nrPages, int mfFlags) {
    context.failure().killProcs(space, fromPgoff, nrPages, mfFlags);
    return 0;
  }

  @Override
  public @Nullable EntryHold holdEntry(long pgoff, BooleanSupplier wanted) {
    return locks.hold(pgoff, wanted);
  }

  @Override
  public boolean isFsdax() {
    return true;
  }

  @Override
  public void lastUnmap() {
    iomap.lastUnmap();
  }

  @Override
  public void evict() {
    layout.evict();
    context.spaces().remove(space);
  }

  @Override
  public String toString() {
    return space.name();
  }
}
