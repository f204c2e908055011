package dev.pgmap.core.vmemmap;

import static dev.pgmap.core.page.SubsectionMap.SUBSECTION_PAGES;
import static dev.pgmap.core.page.SubsectionMap.SUBSECTION_PAGES_SHIFT;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageLayout;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.page.SubsectionMap.Shape;
import dev.pgmap.core.phys.AllocFaults;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.PhysicalMemory;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.sync.Sync;
import org.jspecify.annotations.Nullable;

/**
 * Adds and removes struct pages: {@code __add_pages}, {@code sparse_add_section} and the x86
 * population of vmemmap, as of 7.0.
 *
 * <p>Work goes section by section (128 MiB of memory), in address order, since the tails of a 1 GiB
 * compound are shared across sections. A failed add leaves nothing behind. Removal first makes the
 * pfns invalid, waits for a grace period, and only then gives the memory of the records back.
 * Thread-safe: one hotplug lock.
 */
public final class MemoryHotplug {
  /** Pages in a section. */
  public static final long SECTION_PAGES = 1L << 15;

  private static final int VMEMMAP_PAGES_PER_SUBSECTION =
      SUBSECTION_PAGES / PageLayout.RECORDS_PER_PAGE;

  private final Sync sync;
  private final KernelLog log;
  private final PhysicalMemory memory;
  private final Ram ram;
  private final SubsectionMap map;
  private final VmemmapShape shape;
  private final Mutex lock = new Mutex();

  /** Hotplug for one machine, with its era's rule on tails. */
  public MemoryHotplug(
      Sync sync,
      KernelLog log,
      PhysicalMemory memory,
      Ram ram,
      SubsectionMap map,
      VmemmapShape shape) {
    this.sync = sync;
    this.log = log;
    this.memory = memory;
    this.ram = ram;
    this.map = map;
    this.shape = shape;
  }

  /** One past the last address that a CPU can reach ({@code arch_get_mappable_range}). */
  public long mappableEnd() {
    return memory.endAddress();
  }

  /** The allocations that are made to fail. */
  public AllocFaults faults() {
    return ram.faults();
  }

  /** Makes the struct pages of System RAM; whole sections, which keep them for good. */
  public void addBootMemory() {
    for (PhysRange range : ram.ranges()) {
      long end = PageMath.alignUp(range.endPfn(), SECTION_PAGES);
      for (long pfn = PageMath.alignDown(range.firstPfn(), SECTION_PAGES);
          pfn < end;
          pfn += SECTION_PAGES) {
        if (!map.isEarly(pfn >>> SUBSECTION_PAGES_SHIFT)) {
          addBootSection(pfn);
        }
      }
      activateBootRange(range);
    }
  }

  private void addBootSection(long firstPfn) {
    long pages = SECTION_PAGES / PageLayout.RECORDS_PER_PAGE;
    long pfn = ram.allocUnmovablePages(pages, pages);
    memory.populate(PhysRange.ofLength(pfn << 12, pages << 12));
    long base = hostAddress(pfn);
    for (long i = 0; i < SECTION_PAGES >>> SUBSECTION_PAGES_SHIFT; i++) {
      map.setEarly((firstPfn >>> SUBSECTION_PAGES_SHIFT) + i, base + (i << 15));
    }
  }

  private void activateBootRange(PhysRange range) {
    long end = (range.endPfn() + SUBSECTION_PAGES - 1) >>> SUBSECTION_PAGES_SHIFT;
    for (long s = range.firstPfn() >>> SUBSECTION_PAGES_SHIFT; s < end; s++) {
      map.set(s, map.base(s), Shape.FLAT, 0, true);
    }
  }

  /**
   * Gives a range of device memory its struct pages; the records are not initialised.
   *
   * @param range a multiple of 2 MiB, also in its start
   * @param altmap where the struct pages go, or null for RAM
   * @param order of the compound pages; 0 for base pages
   * @param firstDevicePfn the first pfn that belongs to the device's pages proper; the pages before
   *     it (info block and altmap) stay base pages
   * @throws MmException EINVAL for a misaligned range, an altmap that does not fit it or a last
   *     compound that is not whole; EEXIST if struct pages are there already; ENOMEM, ENOSPC
   */
  @KernelFunction("arch_add_memory")
  public Memmap add(PhysRange range, @Nullable Altmap altmap, int order, long firstDevicePfn) {
    return add(range, altmap, order, firstDevicePfn, false);
  }

  /**
   * As {@link #add(PhysRange, Altmap, int, long)}.
   *
   * @param resizable whether folios of the range change their order while it is online, so that
   *     only the struct pages tell it
   */
  public Memmap add(
      PhysRange range, @Nullable Altmap altmap, int order, long firstDevicePfn, boolean resizable) {
    checkSpan(range);
    checkAltmap(range, altmap);
    checkCompounds(range, order, firstDevicePfn);
    boolean shares =
        shape.sharesTails(order, altmap != null)
            && order >= SUBSECTION_PAGES_SHIFT
            && PageMath.isAligned(firstDevicePfn, 1L << order)
            && firstDevicePfn == range.firstPfn();
    Memmap memmap = new Memmap(range, altmap, order, firstDevicePfn, shares, resizable);
    lock.lock();
    try {
      addSections(memmap);
      return memmap;
    } finally {
      lock.unlock();
    }
  }

  private void checkSpan(PhysRange range) {
    long unit = (long) SUBSECTION_PAGES << PageMath.PAGE_SHIFT;
    if (!PageMath.isAligned(range.start(), unit) || !PageMath.isAligned(range.bytes(), unit)) {
      log.warn("Misaligned add start: 0x%x end: 0x%x", range.firstPfn(), range.endPfn() - 1);
      throw new MmException(
          Errno.EINVAL,
          "memory " + range,
          "%d bytes from 0x%x".formatted(range.bytes(), range.start()),
          "start and size that are multiples of 2 MiB",
          "align the range to a subsection");
    }
  }

  private void checkAltmap(PhysRange range, @Nullable Altmap altmap) {
    if (altmap == null) {
      return;
    }
    long offset = altmap.spec().offsetPages();
    if (altmap.spec().basePfn() != range.firstPfn() || offset > range.nrPages()) {
      log.warn("memory add fail, invalid altmap");
      throw new MmException(
          Errno.EINVAL,
          "altmap of " + range,
          "base pfn 0x%x, offset %d pages".formatted(altmap.spec().basePfn(), offset),
          "base pfn 0x%x, offset at most %d pages".formatted(range.firstPfn(), range.nrPages()),
          "");
    }
    altmap.reset();
  }

  /** A kernel does not ask, and runs past the struct pages of a range that ends in a compound. */
  private static void checkCompounds(PhysRange range, int order, long firstDevicePfn) {
    long nrPages = range.endPfn() - firstDevicePfn;
    if (!PageMath.isAligned(nrPages, 1L << order)) {
      throw new MmException(
          Errno.EINVAL,
          "memory " + range,
          "%d device pages from pfn 0x%x".formatted(nrPages, firstDevicePfn),
          "a multiple of the %d pages of a compound".formatted(1L << order),
          "use a smaller alignment");
    }
  }

  private void addSections(Memmap memmap) {
    PhysRange range = memmap.range();
    long claimedEnd = range.firstPfn();
    try {
      while (claimedEnd < range.endPfn()) {
        long pfn = claimedEnd;
        long end = Math.min(range.endPfn(), PageMath.alignUp(pfn + 1, SECTION_PAGES));
        checkAbsent(pfn, end);
        ram.faults().check(AllocFaults.Site.SECTION);
        claimedEnd = end;
        populate(memmap, pfn, end);
      }
    } catch (MmException e) {
      map.remove(range.firstPfn(), claimedEnd, null);
      sync.rcu().synchronize();
      freeBlocks(memmap);
      throw e;
    }
  }

  private void checkAbsent(long firstPfn, long endPfn) {
    for (long pfn = firstPfn; pfn < endPfn; pfn += SUBSECTION_PAGES) {
      if (map.isPresent(pfn >>> SUBSECTION_PAGES_SHIFT)) {
        throw new MmException(
            Errno.EEXIST,
            "memory at pfn 0x%x".formatted(pfn),
            "struct pages that are there already",
            "a subsection that is not in use",
            "see /proc/iomem for who uses it");
      }
    }
  }

  private void populate(Memmap memmap, long firstPfn, long endPfn) {
    boolean reusesBootMemmap =
        endPfn - firstPfn < SECTION_PAGES && map.isEarly(firstPfn >>> SUBSECTION_PAGES_SHIFT);
    if (reusesBootMemmap) {
      for (long pfn = firstPfn; pfn < endPfn; pfn += SUBSECTION_PAGES) {
        setFlat(memmap, pfn, map.base(pfn >>> SUBSECTION_PAGES_SHIFT));
      }
    } else if (!memmap.sharesTails()) {
      populateFlat(memmap, firstPfn, endPfn);
    } else if (memmap.order() == SUBSECTION_PAGES_SHIFT) {
      populateFolded(memmap, firstPfn, endPfn);
    } else {
      populateAcrossSections(memmap, firstPfn, endPfn);
    }
  }

  private void populateFlat(Memmap memmap, long firstPfn, long endPfn) {
    long nrVmemmapPages = (endPfn - firstPfn) / PageLayout.RECORDS_PER_PAGE;
    long block = endPfn - firstPfn == SECTION_PAGES ? allocBlock(memmap, nrVmemmapPages) : -1;
    for (long pfn = firstPfn; pfn < endPfn; pfn += SUBSECTION_PAGES) {
      long offset = (pfn - firstPfn) / PageLayout.RECORDS_PER_PAGE;
      long at = block >= 0 ? block + offset : allocSmall(memmap);
      setFlat(memmap, pfn, hostAddress(at));
    }
  }

  /** A block for a whole section; -1 lets RAM fall back to smaller ones, as the kernel does. */
  private long allocBlock(Memmap memmap, long nrPages) {
    Altmap altmap = memmap.altmap();
    if (altmap != null) {
      return fromAltmap(memmap, altmap, nrPages);
    }
    try {
      return fromRam(memmap, nrPages);
    } catch (MmException e) {
      return -1;
    }
  }

  private long allocSmall(Memmap memmap) {
    Altmap altmap = memmap.altmap();
    if (altmap == null) {
      return fromRam(memmap, VMEMMAP_PAGES_PER_SUBSECTION);
    }
    long first = fromAltmap(memmap, altmap, 1);
    for (int i = 1; i < VMEMMAP_PAGES_PER_SUBSECTION; i++) {
      long next = fromAltmap(memmap, altmap, 1);
      if (next != first + i) {
        throw new IllegalStateException("altmap pages are not contiguous at 0x%x".formatted(next));
      }
    }
    return first;
  }

  private long hostAddress(long pfn) {
    return memory.hostAddress(pfn << PageMath.PAGE_SHIFT);
  }

  private long fromRam(Memmap memmap, long nrPages) {
    ram.faults().check(AllocFaults.Site.MEMMAP);
    long pfn = ram.allocUnmovablePages(nrPages, Long.lowestOneBit(nrPages));
    memmap.blocks().add(new Memmap.Block(pfn, nrPages));
    memory.populate(new PhysRange(pfn << 12, ((pfn + nrPages) << 12) - 1));
    return pfn;
  }

  private long fromAltmap(Memmap memmap, Altmap altmap, long nrPages) {
    ram.faults().check(AllocFaults.Site.MEMMAP);
    long pfn = altmap.alloc(nrPages);
    if (pfn < 0) {
      throw new MmException(
          Errno.ENOMEM,
          "altmap of " + memmap.range(),
          "%d of %d pages handed out, %d lost to alignment"
              .formatted(altmap.allocPages(), altmap.spec().freePages(), altmap.alignPages()),
          "%d more for struct pages".formatted(nrPages),
          "make the size of the namespace a multiple of 128 MiB, or keep struct pages in RAM");
    }
    memmap.blocks().add(new Memmap.Block(pfn, nrPages));
    memory.populate(new PhysRange(pfn << 12, ((pfn + nrPages) << 12) - 1));
    return pfn;
  }

  private void setFlat(Memmap memmap, long pfn, long base) {
    boolean belongsToDevice = pfn >= memmap.firstDevicePfn();
    boolean straddles = !belongsToDevice && pfn + SUBSECTION_PAGES > memmap.firstDevicePfn();
    int order = belongsToDevice ? memmap.order() : 0;
    boolean fixed =
        !(memmap.isResizable() && belongsToDevice)
            && !straddles
            && PageMath.isAligned(memmap.firstDevicePfn(), 1L << order);
    map.set(pfn >>> SUBSECTION_PAGES_SHIFT, base, Shape.FLAT, order, fixed);
  }

  private void populateFolded(Memmap memmap, long firstPfn, long endPfn) {
    long subsections = (endPfn - firstPfn) >>> SUBSECTION_PAGES_SHIFT;
    long block = allocBlock(memmap, subsections * VmemmapShape.RESERVED_PAGES);
    for (long i = 0; i < subsections; i++) {
      long at =
          block >= 0
              ? block + i * VmemmapShape.RESERVED_PAGES
              : fromRam(memmap, VmemmapShape.RESERVED_PAGES);
      long subsection = (firstPfn >>> SUBSECTION_PAGES_SHIFT) + i;
      map.set(subsection, hostAddress(at), Shape.FOLDED, memmap.order(), true);
    }
  }

  /** The first section of a compound gets two pages; all others share the second one. */
  private void populateAcrossSections(Memmap memmap, long firstPfn, long endPfn) {
    for (long pfn = firstPfn; pfn < endPfn; pfn += SUBSECTION_PAGES) {
      long subsection = pfn >>> SUBSECTION_PAGES_SHIFT;
      long headPfn = pfn & -1L << memmap.order();
      if (pfn == headPfn) {
        long at = hostAddress(fromRam(memmap, VmemmapShape.RESERVED_PAGES));
        map.set(subsection, at, Shape.FOLDED, memmap.order(), true);
      } else {
        long tails = map.base(headPfn >>> SUBSECTION_PAGES_SHIFT) + PageMath.PAGE_BYTES;
        map.set(subsection, tails, Shape.TAILS, memmap.order(), true);
      }
    }
  }

  /**
   * Takes the struct pages away and frees their memory ({@code arch_remove_memory}).
   *
   * @param epitaph what to tell whoever uses one of these pages later
   */
  @KernelFunction("arch_remove_memory")
  public void remove(Memmap memmap, String epitaph) {
    lock.lock();
    try {
      map.remove(memmap.range().firstPfn(), memmap.range().endPfn(), epitaph);
      sync.rcu().synchronize();
      freeBlocks(memmap);
    } finally {
      lock.unlock();
    }
  }

  private void freeBlocks(Memmap memmap) {
    Altmap altmap = memmap.altmap();
    for (Memmap.Block block : memmap.blocks()) {
      if (altmap == null) {
        ram.freePages(block.pfn(), block.nrPages());
      } else {
        altmap.free(block.nrPages());
        memory.discard(
            new PhysRange(block.pfn() << 12, ((block.pfn() + block.nrPages()) << 12) - 1));
      }
    }
    memmap.blocks().clear();
  }
}
