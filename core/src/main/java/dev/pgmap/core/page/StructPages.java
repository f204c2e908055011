package dev.pgmap.core.page;

import static dev.pgmap.core.page.HostWords.ALL;
import static dev.pgmap.core.page.HostWords.INT;
import static dev.pgmap.core.page.HostWords.LONG;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.pgmap.api.pgmap.MemoryType;

/**
 * The struct pages of a machine: from pfn to record, and the fields of a record.
 *
 * <p>Assumptions: a record was got from {@link #record} inside a read section of RCU, or while
 * something keeps the page's memory online. Guarantees: nothing here allocates. Flags, map counts
 * and pin counts change atomically, the rest is plain memory.
 */
public final class StructPages {
  private static final long UNMAPPED = 0xffff_ffffL;
  private static final long REFERENCED = PageFlag.REFERENCED.bit();

  private final SubsectionMap map;

  /** Records found by this map. */
  public StructPages(SubsectionMap map) {
    this.map = map;
  }

  /** Where the records live. */
  public SubsectionMap map() {
    return map;
  }

  /**
   * {@code pfn_to_page}.
   *
   * @throws NoStructPage if the pfn has none (any more)
   */
  public long record(long pfn) {
    return map.record(pfn);
  }

  /** The record of a pfn, or 0 if it has none. */
  public long recordOrZero(long pfn) {
    return map.recordOrZero(pfn);
  }

  /** {@code __init_single_page}: clears the record; unmapped, no references yet. */
  public void init(long rec, long flags, long pgmapWord) {
    ALL.set(JAVA_LONG, rec + PageLayout.FLAGS, flags);
    ALL.set(JAVA_LONG, rec + PageLayout.PGMAP, pgmapWord);
    ALL.set(JAVA_LONG, rec + PageLayout.ZONE_DEVICE_DATA, 0);
    ALL.set(JAVA_LONG, rec + PageLayout.MAPPING, 0);
    ALL.set(JAVA_LONG, rec + PageLayout.INDEX, 0);
    ALL.set(JAVA_LONG, rec + PageLayout.PRIVATE, 0);
    ALL.set(JAVA_LONG, rec + PageLayout.MAPCOUNT, UNMAPPED);
    ALL.set(JAVA_LONG, rec + PageLayout.MEMCG_DATA, 0);
  }

  /** {@code prep_compound_tail}. */
  public void prepTail(long rec, long headPfn) {
    ALL.set(JAVA_LONG, rec + PageLayout.MAPPING, PageLayout.TAIL_MAPPING);
    ALL.set(JAVA_LONG, rec + PageLayout.COMPOUND_HEAD, headPfn << 1 | PageLayout.TAIL_BIT);
  }

  /** {@code prep_compound_head}; after its first tails, whose fields it uses. */
  public void prepHead(long headRec, int order) {
    ALL.set(JAVA_INT, headRec + PageLayout.LARGE_MAPCOUNT, -1);
    ALL.set(JAVA_INT, headRec + PageLayout.NR_PAGES_MAPPED, 0);
    ALL.set(JAVA_INT, headRec + PageLayout.ENTIRE_MAPCOUNT, -1);
    ALL.set(JAVA_INT, headRec + PageLayout.PINCOUNT, 0);
    ALL.set(JAVA_LONG, headRec + PageLayout.NR_PAGES, 1L << order);
    long page1 = headRec + PageLayout.PAGE1;
    long flags = ALL.get(JAVA_LONG, page1) & ~PageLayout.ORDER_MASK;
    ALL.set(JAVA_LONG, page1, flags | order);
  }

  /**
   * Makes one folio of base pages ({@code prep_compound_page}); nobody else can reach them, and the
   * tails have no references.
   *
   * @throws IllegalStateException if the pages belong to a pgmap whose folios all have one order
   */
  public void prepCompound(long headPfn, int order) {
    requireResizable(headPfn);
    long headRec = record(headPfn);
    for (long pfn = headPfn + 1; pfn < headPfn + (1L << order); pfn++) {
      prepTail(record(pfn), headPfn);
    }
    prepHead(headRec, order);
    setFlag(headRec, PageFlag.HEAD);
  }

  /**
   * Makes the pages of a folio base pages again ({@code dax_folio_reset_order}, {@code
   * zone_device_page_init}): no mapping, no index; the counts stay, and so does what the head's
   * flags say, the number that a driver keeps in the head, and which pages are poisoned. Nobody
   * else can reach them.
   *
   * @param pgmapWord what they say about their pgmap
   * @throws IllegalStateException as {@link #prepCompound}
   */
  public void resetToBasePages(long headPfn, int order, long pgmapWord) {
    requireResizable(headPfn);
    long poison = PageFlag.HWPOISON.bit();
    long flags = flags(record(headPfn)) & ~(PageLayout.ORDER_MASK | PageFlag.HEAD.bit() | poison);
    long data = zoneDeviceData(record(headPfn));
    for (long pfn = headPfn + (1L << order) - 1; pfn >= headPfn; pfn--) {
      long rec = record(pfn);
      init(rec, flags | flags(rec) & poison, pgmapWord);
    }
    setZoneDeviceData(record(headPfn), data);
  }

  private void requireResizable(long pfn) {
    if (map.fixedOrder(pfn) >= 0) {
      throw new IllegalStateException(
          "page 0x%x: its folio has order %d for good".formatted(pfn, map.fixedOrder(pfn)));
    }
  }

  /** {@code mem_cgroup_uncharge}. */
  public void uncharge(long rec) {
    ALL.set(JAVA_LONG, rec + PageLayout.MEMCG_DATA, 0);
  }

  /**
   * The head of the folio that a pfn is in, {@code compound_head}.
   *
   * <p>For pgmaps whose folios all have one order this is arithmetic on the pfn: the struct page of
   * a tail is not read.
   */
  public long headPfn(long pfn) {
    int order = map.fixedOrder(pfn);
    return order >= 0 ? pfn & -1L << order : headFromRecord(pfn);
  }

  private long headFromRecord(long pfn) {
    long word = (long) LONG.getAcquire(ALL, record(pfn) + PageLayout.COMPOUND_HEAD);
    return (word & PageLayout.TAIL_BIT) != 0 ? word >>> 1 : pfn;
  }

  /** The order of a folio; 0 for a base page. */
  public int order(long headPfn) {
    int order = map.fixedOrder(headPfn);
    return order >= 0 ? order : orderFromRecord(record(headPfn));
  }

  private int orderFromRecord(long headRec) {
    return testFlag(headRec, PageFlag.HEAD)
        ? (int) (ALL.get(JAVA_LONG, headRec + PageLayout.PAGE1) & PageLayout.ORDER_MASK)
        : 0;
  }

  /** One of the eight words of a record, as it stands. */
  public long rawWord(long rec, int word) {
    return (long) LONG.getVolatile(ALL, rec + 8L * word);
  }

  /** The flags word. */
  public long flags(long rec) {
    return (long) LONG.getOpaque(ALL, rec + PageLayout.FLAGS);
  }

  /** Whether the flag is set. */
  public boolean testFlag(long rec, PageFlag flag) {
    return (flags(rec) & flag.bit()) != 0;
  }

  /** Sets a flag, atomically; returns whether it was clear, so that the caller is who set it. */
  public boolean testAndSetFlag(long rec, PageFlag flag) {
    return ((long) LONG.getAndBitwiseOr(ALL, rec + PageLayout.FLAGS, flag.bit()) & flag.bit()) == 0;
  }

  /** Sets a flag, atomically; writes nothing if it is set. */
  public void setFlag(long rec, PageFlag flag) {
    if (!testFlag(rec, flag)) {
      LONG.getAndBitwiseOr(ALL, rec + PageLayout.FLAGS, flag.bit());
    }
  }

  /** {@code SetPageReferenced}: as {@link #setFlag}, for the hot loops of gup. */
  public static void markReferenced(long rec) {
    if (((long) LONG.getOpaque(ALL, rec + PageLayout.FLAGS) & REFERENCED) == 0) {
      LONG.getAndBitwiseOr(ALL, rec + PageLayout.FLAGS, REFERENCED);
    }
  }

  /**
   * {@code folio_mark_accessed} of a page that is on no LRU list: the first access sets the
   * referenced flag, the second would move the page to the active list and clears it.
   */
  public void markAccessed(long rec) {
    if (testFlag(rec, PageFlag.REFERENCED)) {
      clearFlag(rec, PageFlag.REFERENCED);
    } else {
      setFlag(rec, PageFlag.REFERENCED);
    }
  }

  /** Clears a flag, atomically. */
  public void clearFlag(long rec, PageFlag flag) {
    LONG.getAndBitwiseAnd(ALL, rec + PageLayout.FLAGS, ~flag.bit());
  }

  /** Whether the page is in ZONE_DEVICE. */
  public boolean isZoneDevice(long rec) {
    return (flags(rec) >>> PageLayout.ZONE_SHIFT & PageLayout.ZONE_MASK) == PageLayout.ZONE_DEVICE;
  }

  /** Whether the record says that it is a tail page. */
  public boolean isTail(long rec) {
    return (rawWord(rec, 1) & PageLayout.TAIL_BIT) != 0;
  }

  /**
   * The memory type of a head or base page of ZONE_DEVICE, as the ordinal of {@code MemoryType}
   * plus one; 0 for a page of no pgmap.
   */
  public int deviceType(long headRec) {
    return (int) (rawWord(headRec, 1) >>> PageLayout.TYPE_SHIFT & PageLayout.TYPE_MASK);
  }

  /** {@code is_pci_p2pdma_page}: whether the page lies in the bar of a PCI device. */
  public boolean isPeerMemory(long headRec) {
    return isZoneDevice(headRec) && deviceType(headRec) == MemoryType.PCI_P2PDMA.ordinal() + 1;
  }

  /** Whether the pgmap of this head or base page says that only the slow call pins for long. */
  public boolean refusesFastLongterm(long headRec) {
    return (rawWord(headRec, 1) & PageLayout.SLOW_LONGTERM) != 0;
  }

  /**
   * Whether a page that was found in a folio before still is; for folios whose order is fixed that
   * is a matter of arithmetic.
   */
  public boolean isStillIn(long pfn, long headPfn, int order) {
    return map.fixedOrder(pfn) >= 0
        || headFromRecord(pfn) == headPfn && orderFromRecord(record(headPfn)) == order;
  }

  /** The number of the pgmap of a head or base page of ZONE_DEVICE. */
  public int pgmapIndex(long headRec) {
    return (int) (rawWord(headRec, 1) >>> PageLayout.PGMAP_SHIFT);
  }

  /** The number of the address space that the page belongs to; 0 for none. */
  public long mapping(long rec) {
    return (long) LONG.getAcquire(ALL, rec + PageLayout.MAPPING);
  }

  /** Sets the address space, after the index. */
  public void setMapping(long rec, long mappingId) {
    LONG.setRelease(ALL, rec + PageLayout.MAPPING, mappingId);
  }

  /** The number that the driver of a device keeps in its page ({@code zone_device_data}). */
  public long zoneDeviceData(long rec) {
    return (long) LONG.getAcquire(ALL, rec + PageLayout.ZONE_DEVICE_DATA);
  }

  /** Sets the number that the driver of a device keeps in its page. */
  public void setZoneDeviceData(long rec, long data) {
    LONG.setRelease(ALL, rec + PageLayout.ZONE_DEVICE_DATA, data);
  }

  /** The page's offset in its file, in 4 KiB pages. */
  public long index(long rec) {
    return ALL.get(JAVA_LONG, rec + PageLayout.INDEX);
  }

  /** Sets the page's offset in its file, in 4 KiB pages. */
  public void setIndex(long rec, long pgoff) {
    ALL.set(JAVA_LONG, rec + PageLayout.INDEX, pgoff);
  }

  /** {@code _mapcount} as stored: -1 when no PTE maps the page. */
  public int mapcount(long rec) {
    return (int) INT.getVolatile(ALL, rec + PageLayout.MAPCOUNT);
  }

  /** Changes the number of PTEs that map the page. */
  public void addMapcount(long rec, int delta) {
    INT.getAndAdd(ALL, rec + PageLayout.MAPCOUNT, delta);
  }

  /** {@code _entire_mapcount} as stored: -1 when no huge entry maps the folio. */
  public int entireMapcount(long headRec) {
    return (int) INT.getVolatile(ALL, headRec + PageLayout.ENTIRE_MAPCOUNT);
  }

  /** {@code _large_mapcount} as stored: -1 when nothing maps the folio, page by page or whole. */
  public int largeMapcount(long headRec) {
    return (int) INT.getVolatile(ALL, headRec + PageLayout.LARGE_MAPCOUNT);
  }

  /** Changes the number of entries that map the folio or a page of it. */
  public void addLargeMapcount(long headRec, int delta) {
    INT.getAndAdd(ALL, headRec + PageLayout.LARGE_MAPCOUNT, delta);
  }

  /** Changes the number of huge entries that map the folio, and its large mapcount with it. */
  public void addEntireMapcount(long headRec, int delta) {
    INT.getAndAdd(ALL, headRec + PageLayout.ENTIRE_MAPCOUNT, delta);
    INT.getAndAdd(ALL, headRec + PageLayout.LARGE_MAPCOUNT, delta);
  }

  /** {@code _pincount} of a compound page: the pins of all its pages together. */
  public int pincount(long headRec) {
    return (int) INT.getVolatile(ALL, headRec + PageLayout.PINCOUNT);
  }

  /**
   * Checks that at least {@code n} pins are held.
   *
   * @throws RefUnderflow if not
   */
  public void requirePins(long headPfn, long headRec, int n) {
    int held = pincount(headRec);
    if (held < n) {
      throw new RefUnderflow(headPfn, "pins", n, Math.max(held, 0));
    }
  }

  /**
   * Changes the pin count.
   *
   * @throws RefUnderflow if fewer pins are held than are dropped; nothing changed then
   */
  public void addPincount(long headPfn, long headRec, int delta) {
    long at = headRec + PageLayout.PINCOUNT;
    if (delta > 0) {
      INT.getAndAdd(ALL, at, delta);
      return;
    }
    int seen = (int) INT.getVolatile(ALL, at);
    while (true) {
      if (seen + delta < 0) {
        throw new RefUnderflow(headPfn, "pins", -delta, Math.max(seen, 0));
      }
      int witness = (int) INT.compareAndExchange(ALL, at, seen, seen + delta);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
  }
}
