package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.sync.RwSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct address_space} of a file or device node: its number in struct pages, its
 * operations, and the areas that map it ({@code i_mmap}).
 *
 * <p>Threading: one lock. Faults hold it as readers from before the file is asked until the entry
 * is in place; {@link #unmapMappingRange} and changes of the list of areas hold it as the only one.
 * So a fault either is over when unmapping begins, and its entry is cleared, or begins after it and
 * meets a file that already refuses. It comes after the mmap lock and before the page-table lock.
 * Operations of a file must not call back into this class.
 */
public final class AddressSpace {
  private static final long ANON_BIT = 1;

  private final long id;
  private final String name;
  private final RwSemaphore lock = new RwSemaphore();
  private final List<Vma> areas = new ArrayList<>();
  private volatile MappableFile file;

  AddressSpace(long id, String name, MappableFile file) {
    this.id = id;
    this.name = name;
    this.file = file;
  }

  /** The number that stands in {@code mapping} of the struct pages that belong to it. */
  public long id() {
    return id;
  }

  /** Its path, such as {@code /dev/dax0.0}. */
  public String name() {
    return name;
  }

  /** Its operations. */
  public MappableFile file() {
    return file;
  }

  /** Whether the {@code mapping} of a struct page says that it is anonymous memory. */
  public static boolean isAnonymous(long mapping) {
    return mapping != 0 && (mapping & (ANON_BIT | 2)) == ANON_BIT;
  }

  /** How many areas map it, over all mms. */
  public int nrAreas() {
    lock.lockRead();
    try {
      return areas.size();
    } finally {
      lock.unlockRead();
    }
  }

  /** Whether it is a file of a file system on device memory ({@code vma_is_fsdax}). */
  public boolean isFsdax() {
    return file instanceof EngineFile engine && engine.isFsdax();
  }

  /**
   * Keeps the entry of a page offset from changing ({@code dax_lock_folio}). The pages of a device
   * node need no lock: they keep their file for as long as somebody holds the pgmap.
   *
   * @param wanted asked, while the entry cannot change, whether it is still the one that is meant
   * @return null if it is not wanted
   */
  public EngineFile.@Nullable EntryHold holdEntry(long pgoff, BooleanSupplier wanted) {
    if (file instanceof EngineFile engine) {
      return engine.holdEntry(pgoff, wanted);
    }
    return EngineFile.EntryHold.NOTHING;
  }

  /** An area that mapped it is gone. */
  void released() {
    if (file instanceof UnmapListener listener && nrAreas() == 0) {
      listener.lastUnmap();
    }
  }

  /** Whether its areas hold frames that are no pages. */
  boolean mapsFrames() {
    return file instanceof EngineFile engine && engine.mapsFrames();
  }

  /** Whether a fault may be tried with an entry of this level, where none is yet. */
  boolean tries(Vma vma, long address, int level) {
    return file instanceof EngineFile engine
        ? engine.tries(vma, address, level)
        : vma.holdsBlock(address, level);
  }

  /** The size in bytes that the address of a new mapping is aligned to. */
  long mappingAlignBytes(long bytes) {
    return file instanceof EngineFile engine
        ? engine.mappingAlignBytes(bytes)
        : file.mappingAlignBytes();
  }

  /** Shows every area that maps it, while none comes or goes. */
  void forEachArea(Consumer<Vma> visitor) {
    lock.lockRead();
    try {
      areas.forEach(visitor);
    } finally {
      lock.unlockRead();
    }
  }

  void link(Vma vma) {
    lock.lockWrite();
    areas.add(vma);
    lock.unlockWrite();
  }

  /** Replaces an area by the parts that are left of it, in one step. */
  void replace(Vma vma, List<Vma> parts) {
    lock.lockWrite();
    areas.remove(vma);
    areas.addAll(parts);
    lock.unlockWrite();
  }

  /**
   * Clears the entries of a part of an area for munmap; entries that lie across its ends go as a
   * whole.
   *
   * <p>The lock makes {@link #unmapMappingRange} wait until the references are put as well. A
   * kernel has a window there, between clearing entries and putting the pages behind them.
   */
  void unmapPart(Vma vma, long from, long to) {
    lock.lockRead();
    try {
      TlbGather.zapPart(vma, from, to);
    } finally {
      lock.unlockRead();
    }
  }

  /** Does something while no fault, no unmapping and no walk of this file is under way. */
  void exclusively(Runnable action) {
    lock.lockWrite();
    try {
      action.run();
    } finally {
      lock.unlockWrite();
    }
  }

  /**
   * Asks the file to handle a fault, while nobody unmaps; an {@link EngineFile} sees to that by
   * locks of its own.
   */
  int fault(Fault request) {
    if (file instanceof EngineFile engine) {
      return engine.handle(request);
    }
    lock.lockRead();
    try {
      return file.fault(request);
    } finally {
      lock.unlockRead();
    }
  }

  /**
   * Clears every entry of this file in every mm ({@code unmap_mapping_range} over all of it), and
   * waits until no walk that saw one of them is under way.
   *
   * <p>When it returns, no entry is left and no reference that one held, provided that the file's
   * fault handler has refused since before the call. May block.
   */
  @KernelFunction("unmap_mapping_range")
  public void unmapMappingRange() {
    lock.lockWrite();
    try {
      for (Vma vma : areas) {
        TlbGather.zap(vma, vma.start(), vma.end());
      }
    } finally {
      lock.unlockWrite();
    }
  }

  /**
   * Clears the entries of a part of this file in every mm ({@code unmap_mapping_range}); an entry
   * that lies across an end of the part goes as a whole. Later accesses fault it in again. May
   * block.
   *
   * @param firstPgoff where the part begins, in 4 KiB pages
   * @param nrPages its size
   */
  @KernelFunction("unmap_mapping_range")
  public void unmapMappingRange(long firstPgoff, long nrPages) {
    lock.lockWrite();
    try {
      for (Vma vma : areas) {
        long from = Math.max(firstPgoff, vma.pgoff());
        long to = Math.min(firstPgoff + nrPages, vma.endPgoff());
        if (from < to) {
          TlbGather.zapPart(vma, vma.addressOf(from), vma.addressOf(to));
        }
      }
    } finally {
      lock.unlockWrite();
    }
  }

  /**
   * Takes the right to write away from all entries of a part of this file ({@code
   * pfn_mkclean_range}), and waits until no access by an older entry is under way. The next write
   * faults. May block.
   *
   * @param firstPgoff where the part begins, in 4 KiB pages
   * @param nrPages its size
   */
  @KernelFunction("pfn_mkclean_range")
  public void writeProtect(long firstPgoff, long nrPages) {
    lock.lockRead();
    try {
      for (Vma vma : areas) {
        long from = Math.max(firstPgoff, vma.pgoff());
        long to = Math.min(firstPgoff + nrPages, vma.endPgoff());
        if (from < to && vma.isShared()) {
          WriteProtect.run(vma, vma.addressOf(from), vma.addressOf(to));
        }
      }
    } finally {
      lock.unlockRead();
    }
  }

  /**
   * An entry that maps a page of a file.
   *
   * @param mm the address space that the entry is in
   * @param address where the page begins there
   * @param shift log2 of the bytes that the entry maps
   */
  public record MappedAt(Mm mm, long address, int shift) {}

  /**
   * Every entry that maps a page of this file now ({@code vma_interval_tree_foreach} and {@code
   * dev_pagemap_mapping_shift}).
   *
   * @param pgoff the page's offset in the file, in 4 KiB pages
   */
  public List<MappedAt> mappingsOf(long pgoff) {
    List<MappedAt> found = new ArrayList<>();
    lock.lockRead();
    try {
      for (Vma vma : areas) {
        if (pgoff >= vma.pgoff() && pgoff < vma.endPgoff()) {
          addEntry(vma.mm(), vma.addressOf(pgoff), found);
        }
      }
    } finally {
      lock.unlockRead();
    }
    return found;
  }

  private static void addEntry(Mm mm, long address, List<MappedAt> found) {
    PageTables tables = mm.tables();
    tables.lock();
    try {
      Leaf leaf = tables.find(address);
      if (leaf != null) {
        found.add(new MappedAt(mm, address, Long.numberOfTrailingZeros(leaf.bytes())));
      }
    } finally {
      tables.unlock();
    }
  }

  /**
   * Lets go of the file's operations: from now on faults answer SIGBUS and new mappings ENXIO, as
   * with a device that is gone. Areas that are left can be unmapped as before. So nothing of a
   * driver stays reachable from the tasks that once mapped its device.
   */
  public void revoke() {
    lock.lockWrite();
    file = new Gone(name, file.mappingAlignBytes());
    lock.unlockWrite();
  }

  private record Gone(String name, long mappingAlignBytes) implements MappableFile {
    @Override
    public void mmap(VmArea vma) {
      throw new MmException(Errno.ENXIO, name, "gone", "a live device", "");
    }

    @Override
    public int fault(FaultRequest fault) {
      return VmFault.SIGBUS;
    }

    @Override
    public void maySplit(VmArea vma, long address) {
      if ((address & (mappingAlignBytes - 1)) != 0) {
        throw new MmException(
            Errno.EINVAL,
            name,
            "split at 0x%x".formatted(address),
            "a multiple of %d bytes".formatted(mappingAlignBytes),
            "");
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
