package dev.pgmap.core.fsdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.EntryTable.Slot;
import dev.pgmap.core.mm.Fault;
import dev.pgmap.core.mm.MmContext;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What faults of both sizes share: the block that is asked for, the entry that stands for it, the
 * extent behind it, and putting the three together. Made for one fault.
 */
final class BlockFault {
  private static final int PAGE_SHIFT = 12;
  private static final long NO_PFN = -1;

  private final DaxFile file;
  private final Fault fault;
  private final EntryGrab grab;
  private final long nrPages;
  private @Nullable Slot slot;
  private long syncPfn = NO_PFN;

  BlockFault(DaxFile file, Fault fault, EntryGrab grab) {
    this.file = file;
    this.fault = fault;
    this.grab = grab;
    this.nrPages = 1L << fault.order();
  }

  Fault fault() {
    return fault;
  }

  /** The page offset of the block's first page. */
  long index() {
    return fault.pgoff() & -nrPages;
  }

  long nrPages() {
    return nrPages;
  }

  long bytes() {
    return nrPages << PAGE_SHIFT;
  }

  long pos() {
    return index() << PAGE_SHIFT;
  }

  /** The page that a synchronous fault is to make writable after the sync. */
  long syncPfn() {
    return syncPfn;
  }

  /** Whether the file's own blocks are going to be written to. */
  boolean writesFile() {
    return fault.isWrite() && !fault.isCow();
  }

  /** Locks the entry; false if smaller ones stand in the way. */
  boolean grab() {
    slot = grab.grab(index(), fault.order());
    return slot != null;
  }

  void release() {
    file.locks().unlock(slot());
    slot = null;
  }

  private Slot slot() {
    return Objects.requireNonNull(slot);
  }

  /**
   * {@code iomap_iter} over the one block: asks the file system where it lies, and tells it whether
   * it was mapped.
   *
   * @param onError what it means if the file system cannot tell
   */
  int withExtent(ToIntFunction<Errno> onError, ToIntFunction<Iomap> map) {
    int flags = IomapOps.FAULT | (writesFile() ? IomapOps.WRITE : 0);
    Iomap extent;
    try {
      extent = file.iomap().begin(pos(), bytes(), flags);
    } catch (MmException e) {
      return onError.applyAsInt(e.errno());
    }
    int result = VmFault.SIGBUS;
    try {
      result = map.applyAsInt(extent);
      return result;
    } finally {
      boolean mapped = (result & (VmFault.ERROR | VmFault.FALLBACK)) == 0;
      file.iomap().end(pos(), bytes(), mapped ? bytes() : 0, flags, extent);
    }
  }

  /** Whether the metadata have to be on the medium before the page may be written to. */
  private boolean isSynchronous(Iomap extent) {
    return writesFile() && fault.vma().isSync() && extent.has(Iomap.F_DIRTY);
  }

  /**
   * The second half of {@code dax_fault_iter}: maps the block to the page frames of an extent.
   *
   * @param unsuited what it means if no entry of this size can map them
   */
  @KernelFunction("dax_fault_iter")
  int mapExtent(Iomap extent, int unsuited) {
    if (extent.type() != Iomap.Type.MAPPED && !extent.has(Iomap.F_SHARED)) {
      mm().log().warnOnce("dax-fault-iter", "%s: dax_fault_iter: %s", file, extent.type());
      return unsuited;
    }
    long pfn = file.target().pfnOf(extent, pos(), bytes());
    if (pfn == DaxTarget.UNSUITED) {
      return unsuited;
    }
    insertEntry(extent, pfn, fault.order() == 0 ? 0 : DaxEntry.PMD);
    Iomap source = extent.source();
    if (writesFile() && source != null) {
      file.target().copy(source, extent, pos(), (int) bytes());
    }
    if (isSynchronous(extent)) {
      syncPfn = pfn;
      return VmFault.NEEDDSYNC;
    }
    return insertPage(pfn, writesFile());
  }

  /**
   * Puts the page into the page table. Where mappings hold references, so does this call: an idle
   * page has none, and could not be mapped.
   */
  int insertPage(long pfn, boolean writable) {
    if (!mm().mappingPolicy().holdsReference()) {
      return fault.insertPage(pfn, writable);
    }
    long headPfn = mm().pages().headPfn(pfn);
    mm().refs().mod(headPfn, mm().pages().record(headPfn), 1);
    try {
      return fault.insertPage(pfn, writable);
    } finally {
      mm().put().put(headPfn, 1);
    }
  }

  /** Maps the block to pages of zeroes, and lets the entry say so. */
  int insertZeroes(Iomap extent, long zeroPfn) {
    insertEntry(extent, zeroPfn, DaxEntry.ZERO | (fault.order() == 0 ? 0 : DaxEntry.PMD));
    return fault.insertSpecial(zeroPfn);
  }

  /**
   * {@code dax_insert_entry}: an entry without blocks gets them, and so does one whose blocks are
   * shared; any other stays. What was mapped by the old entry is unmapped first where that was
   * something else.
   */
  @KernelFunction("dax_insert_entry")
  private void insertEntry(Iomap extent, long pfn, long flags) {
    boolean shared = extent.has(Iomap.F_SHARED);
    Slot before = slot();
    long old = before.entry();
    if (shared || DaxEntry.isZero(old) && (flags & DaxEntry.ZERO) == 0) {
      file.space().unmapMappingRange(before.index(), DaxEntry.nrPages(old));
    }
    EntryTable table = file.table();
    table.lock();
    try {
      if (shared || !DaxEntry.isReal(old)) {
        replace(before, DaxEntry.of(pfn, flags | DaxEntry.LOCKED), shared);
      }
      mark(writesFile() && !isSynchronous(extent), writesFile() && shared);
    } finally {
      table.unlock();
    }
  }

  private void mark(boolean dirty, boolean toWrite) {
    Slot now = slot();
    now.setDirty(now.isDirty() || dirty);
    now.setToWrite(now.isToWrite() || toWrite);
  }

  private void replace(Slot before, long entry, boolean shared) {
    Association association = file.context().policies().association();
    Association.Pages pages = file.context().pages();
    long mapping = file.space().id();
    if (DaxEntry.isReal(before.entry())) {
      association.disassociate(pages, before.entry(), mapping, false);
    }
    if (DaxEntry.isReal(entry)) {
      association.associate(pages, entry, mapping, index(), shared);
    }
    if (DaxEntry.order(entry) == DaxEntry.order(before.entry())) {
      before.set(entry);
    } else {
      file.locks().remove(before);
      slot = file.table().add(index(), entry);
    }
  }

  private MmContext mm() {
    return file.context().mm();
  }
}
