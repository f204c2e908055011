package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.FaultRequest;
import dev.pgmap.api.mm.MappableFile;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes are pages of RAM and nothing else: tmpfs, {@code memfd_create}, and what
 * stands behind shared anonymous memory.
 *
 * <p>The page cache holds one reference on each page. The file lives as long as it has a name, is
 * held open, or is mapped; then its pages go. Thread-safe: the lock of the cache comes after that
 * of the address space.
 */
public final class RamFile implements MappableFile, UnmapListener {
  private final MmContext context;
  private final @Nullable HugetlbPool pool;
  private final int order;
  private final long unitPages;
  private final AddressSpace space;
  private final Mutex lock = new Mutex();
  private final TreeMap<Long, Long> cache = new TreeMap<>();
  private long bytes;
  private int nrHolds = 1;

  private RamFile(MmContext context, String name, long bytes, @Nullable HugetlbPool pool) {
    this.context = context;
    this.pool = pool;
    this.order = pool == null ? context.geometry().order(0) : pool.order();
    this.unitPages = 1L << order;
    this.bytes = bytes;
    this.space = context.files().create(name, this);
  }

  /** A file of that size, all holes, which its maker holds. */
  public static RamFile create(MmContext context, String name, long bytes) {
    return new RamFile(context, name, bytes, null);
  }

  /**
   * A file of hugetlb pages, all of which it has from the beginning.
   *
   * @throws MmException ENOMEM if the pool has not that many; nothing is left behind
   */
  static RamFile createHuge(MmContext context, String name, long bytes, HugetlbPool pool) {
    RamFile file = new RamFile(context, name, bytes, pool);
    try {
      for (long pgoff = 0; pgoff << 12 < bytes; pgoff += file.unitPages) {
        file.lock.lock();
        try {
          file.add(pgoff);
        } finally {
          file.lock.unlock();
        }
      }
      return file;
    } catch (MmException e) {
      file.release();
      throw e;
    }
  }

  /** What tasks map. */
  public AddressSpace space() {
    return space;
  }

  /** Its size. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps it until {@link #release}: an open file, or a name. */
  public void hold() {
    lock.lock();
    nrHolds++;
    lock.unlock();
  }

  /** Undoes one {@link #hold}, or that of its maker. */
  public void release() {
    lock.lock();
    nrHolds--;
    lock.unlock();
    lastUnmap();
  }

  @Override
  public void lastUnmap() {
    lock.lock();
    boolean unused = nrHolds == 0 && space.nrAreas() == 0;
    lock.unlock();
    if (unused) {
      context.files().remove(space);
      drop(0, Long.MAX_VALUE);
    }
  }

  @Override
  public void mmap(VmArea vma) {}

  @Override
  public long mappingAlignBytes() {
    return unitPages << 12;
  }

  @Override
  public void maySplit(VmArea vma, long address) {
    if ((address & (unitPages << 12) - 1) != 0) {
      throw new MmException(
          Errno.EINVAL,
          space.name(),
          "a split at 0x%x".formatted(address),
          "a multiple of %d bytes".formatted(unitPages << 12),
          "hugetlb pages are never split");
    }
  }

  /** {@code shmem_fault}: a page beyond the end is SIGBUS; one that is not there yet is made. */
  @Override
  public int fault(FaultRequest fault) {
    if (fault.order() != order) {
      return VmFault.FALLBACK;
    }
    long pgoff = fault.pgoff() & -unitPages;
    long pfn;
    try {
      pfn = getPage(pgoff);
    } catch (MmException e) {
      return VmFault.OOM;
    }
    if (pfn < 0) {
      return VmFault.SIGBUS;
    }
    try {
      return fault.insert(pfn);
    } finally {
      context.put().put(pfn, 1);
    }
  }

  /** The page of an offset with a reference for the caller, or -1 beyond the end. */
  private long getPage(long pgoff) {
    lock.lock();
    try {
      if (pgoff << 12 >= bytes) {
        return -1;
      }
      Long there = cache.get(pgoff);
      long pfn = there == null ? add(pgoff) : there;
      context.refs().mod(pfn, context.pages().record(pfn), 1);
      return pfn;
    } finally {
      lock.unlock();
    }
  }

  /** {@code shmem_add_to_page_cache}; the caller holds the lock. */
  private long add(long pgoff) {
    long pfn =
        pool == null
            ? RamFolios.alloc(context, order, PageFlag.UPTODATE, PageFlag.SWAPBACKED)
            : pool.take(context, false);
    StructPages pages = context.pages();
    long rec = pages.record(pfn);
    pages.setIndex(rec, pgoff);
    pages.setMapping(rec, space.id());
    cache.put(pgoff, pfn);
    return pfn;
  }

  /** The page that holds an offset now, in 4 KiB pages; -1 for a hole. */
  public long pageAt(long pgoff) {
    lock.lock();
    try {
      @Nullable Long pfn = cache.get(pgoff & -unitPages);
      return pfn == null ? -1 : pfn + (pgoff & unitPages - 1);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads; holes and what lies beyond the end are zeroes.
   *
   * @return how many bytes there were before the end
   */
  public int read(long position, byte[] to) {
    int nr = Math.clamp(bytes() - position, 0, to.length);
    for (int i = 0; i < nr; i++) {
      long pfn = pageAt((position + i) >>> 12);
      to[i] = pfn < 0 ? 0 : context.memory().loadByte((pfn << 12) + ((position + i) & 4095));
    }
    return nr;
  }

  /**
   * Writes, growing the file as needed.
   *
   * @throws MmException ENOSPC without RAM, EINVAL for a negative position; what was written stays
   */
  public void write(long position, byte[] from) {
    if (position < 0) {
      throw new MmException(Errno.EINVAL, space.name(), "position " + position, "0 or more", "");
    }
    growTo(position + from.length);
    try {
      for (int i = 0; i < from.length; i++) {
        storeAt(position + i, from[i]);
      }
    } catch (MmException e) {
      throw new MmException(
          Errno.ENOSPC, space.name(), "no RAM for its pages", "free RAM", e.toString());
    }
  }

  private void storeAt(long position, byte value) {
    long pgoff = position >>> 12;
    long pfn = getPage(pgoff & -unitPages);
    if (pfn >= 0) {
      context.memory().storeByte((pfn + (pgoff & unitPages - 1) << 12) + (position & 4095), value);
      context.put().put(pfn, 1);
    }
  }

  private void growTo(long end) {
    lock.lock();
    bytes = Math.max(bytes, end);
    lock.unlock();
  }

  /**
   * Sets the size ({@code ftruncate}). Pages behind the end go, also from private mappings; those
   * that somebody pins stay his.
   *
   * @throws MmException EINVAL for a negative size
   */
  public void truncate(long newBytes) {
    if (newBytes < 0) {
      throw new MmException(Errno.EINVAL, space.name(), "size " + newBytes, "0 or more", "");
    }
    lock.lock();
    bytes = newBytes;
    lock.unlock();
    long firstPgoff = (newBytes + 4095 >>> 12) + unitPages - 1 & -unitPages;
    punch(firstPgoff, Long.MAX_VALUE >>> 13);
    clearTail(newBytes);
  }

  /** What lies behind the end in its last page is zero if the file grows again. */
  private void clearTail(long from) {
    long end = from + (unitPages << 12) - 1 & -(unitPages << 12);
    for (long at = from; at < end; at++) {
      long pfn = pageAt(at >>> 12);
      if (pfn < 0) {
        return;
      }
      context.memory().storeByte((pfn << 12) + (at & 4095), (byte) 0);
    }
  }

  /**
   * Takes the pages of a range out, which then reads as zeroes ({@code FALLOC_FL_PUNCH_HOLE}).
   *
   * @param pgoff where it begins, in 4 KiB pages, a multiple of the base page, as is the number
   */
  public void punch(long pgoff, long nrPages) {
    space.unmapMappingRange(pgoff, nrPages);
    drop(pgoff, pgoff + nrPages);
    // A fault may have mapped a page between the two.
    space.unmapMappingRange(pgoff, nrPages);
  }

  /** {@code delete_from_page_cache} of a range; the pages that nobody else holds are freed. */
  private void drop(long from, long end) {
    List<Long> gone;
    lock.lock();
    try {
      var range = cache.subMap(from, end);
      gone = new ArrayList<>(range.values());
      for (long pfn : gone) {
        context.pages().setMapping(context.pages().record(pfn), 0);
      }
      range.clear();
    } finally {
      lock.unlock();
    }
    gone.forEach(pfn -> context.put().put(pfn, 1));
  }

  @Override
  public String toString() {
    return space.name();
  }
}
