package dev.pgmap.core.page;

import dev.pgmap.core.sync.Mutex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Where struct pages live: one entry per subsection of 512 pages (2 MiB of memory).
 *
 * <p>The kernel maps its vmemmap with page tables, so that several vmemmap pages can share one
 * backing page. Here an entry says how the 512 records of a subsection are laid out:
 *
 * <pre>
 *   63                                12 11   9     8   3 2   1     0
 *  +------------------------------------+------+-------+-------+---------+
 *  | base: host address of record 0     | kind | order | shape | present |
 *  +------------------------------------+------+-------+-------+---------+
 *   shape 0 FLAT    records 0..511 in a row (8 vmemmap pages)
 *         1 FOLDED  records 0..127 in a row; record i above that is record 64 + i % 64
 *         2 TAILS   record i is record i % 64 of one shared page of tails
 *   order           of the compound pages, naturally aligned, when the bit FIXED of kind is set
 *   kind            FIXED: order holds for the life of the pgmap; EARLY: memmap made at boot
 * </pre>
 *
 * <p>FOLDED and TAILS are the vmemmap optimisation of device-dax: of the 8 vmemmap pages of a 2 MiB
 * compound two are kept, of the 4096 of a 1 GiB compound two as well.
 *
 * <p>Assumptions: entries change only under the hotplug lock; whoever removes entries waits for a
 * grace period before the records' memory is used again. Guarantees: {@link #record} is one array
 * load and some arithmetic, allocates nothing, and a pfn without a struct page is an exception.
 */
public final class SubsectionMap {
  /** log2 of the pages in a subsection. */
  public static final int SUBSECTION_PAGES_SHIFT = 9;

  /** Pages in a subsection. */
  public static final int SUBSECTION_PAGES = 1 << SUBSECTION_PAGES_SHIFT;

  static final long PRESENT = 1;
  static final long SHAPE_MASK = 3L << 1;
  static final long SHAPE_FOLDED = 1L << 1;
  static final long SHAPE_TAILS = 2L << 1;
  static final int ORDER_SHIFT = 3;
  static final long ORDER_MASK = 0x3f;
  static final long FIXED = 1L << 9;
  static final long EARLY = 1L << 10;
  static final long BASE_MASK = -1L << 12;

  private static final long BASE_PAGES_MASK =
      PRESENT | SHAPE_MASK | ORDER_MASK << ORDER_SHIFT | FIXED;

  private static final int INDEX_MASK = SUBSECTION_PAGES - 1;
  private static final int FOLD_FROM = 128;
  private static final int MAX_EPITAPHS = 1024;
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

  private record Epitaph(long firstPfn, long endPfn, String text) {}

  private final long[] entries;
  private final Mutex epitaphLock = new Mutex();
  private final ArrayDeque<Epitaph> epitaphs = new ArrayDeque<>();

  /** A map for pfns below {@code endPfn}, without any struct page yet. */
  public SubsectionMap(long endPfn) {
    entries = new long[Math.toIntExact((endPfn + INDEX_MASK) >>> SUBSECTION_PAGES_SHIFT)];
  }

  /** The layout of one subsection's records. */
  public enum Shape {
    FLAT(0),
    FOLDED(SHAPE_FOLDED),
    TAILS(SHAPE_TAILS);

    private final long bits;

    Shape(long bits) {
      this.bits = bits;
    }
  }

  /**
   * Gives a subsection its struct pages.
   *
   * @param subsection pfn divided by 512
   * @param base host address of record 0 (TAILS: of the shared page), a multiple of 4096
   * @param order of its compound pages, if {@code fixed}
   * @param fixed whether all folios have this order, naturally aligned, for the life of the pgmap
   */
  public void set(long subsection, long base, Shape shape, int order, boolean fixed) {
    long kind = (fixed ? FIXED : 0) | (entryAt(subsection) & EARLY);
    store(subsection, base | kind | (long) order << ORDER_SHIFT | shape.bits | PRESENT);
  }

  /**
   * Lets folios of any order come and go in the subsection of a pfn, as in System RAM: from now on
   * the records alone say what they are. All of its pages are base pages now.
   */
  public void allowOrders(long pfn) {
    long subsection = pfn >>> SUBSECTION_PAGES_SHIFT;
    long entry = entryAt(subsection);
    if ((entry & FIXED) != 0) {
      store(subsection, entry & ~(FIXED | ORDER_MASK << ORDER_SHIFT));
    }
  }

  /** Registers boot memmap, which stays when the subsection goes offline; not yet present. */
  public void setEarly(long subsection, long base) {
    store(subsection, base | EARLY);
  }

  /** Whether the subsection's memmap was made at boot. */
  public boolean isEarly(long subsection) {
    return (entryAt(subsection) & EARLY) != 0;
  }

  /** Whether the subsection has struct pages now. */
  public boolean isPresent(long subsection) {
    return (entryAt(subsection) & PRESENT) != 0;
  }

  /** Whether tails of this subsection share records with others. */
  public boolean sharesTails(long subsection) {
    return (entryAt(subsection) & SHAPE_MASK) != 0;
  }

  /** The base address that {@link #set} or {@link #setEarly} gave. */
  public long base(long subsection) {
    return entryAt(subsection) & BASE_MASK;
  }

  /**
   * Takes the struct pages of a range away; the caller then waits for a grace period.
   *
   * @param epitaph what to tell whoever uses one of these pfns later: whose it was, and since when;
   *     null if nobody ever saw these struct pages
   */
  public void remove(long firstPfn, long endPfn, @Nullable String epitaph) {
    for (long s = firstPfn >>> SUBSECTION_PAGES_SHIFT; s < endPfn >>> SUBSECTION_PAGES_SHIFT; s++) {
      long entry = entryAt(s);
      store(s, (entry & EARLY) != 0 ? entry & (EARLY | BASE_MASK) : 0);
    }
    if (epitaph != null) {
      bury(new Epitaph(firstPfn, endPfn, epitaph));
    }
  }

  private void bury(Epitaph epitaph) {
    epitaphLock.lock();
    try {
      if (epitaphs.size() == MAX_EPITAPHS) {
        epitaphs.removeLast();
      }
      epitaphs.addFirst(epitaph);
    } finally {
      epitaphLock.unlock();
    }
  }

  /** Takes all struct pages away, as when the machine is switched off. */
  public void clear() {
    for (int s = 0; s < entries.length; s++) {
      store(s, 0);
    }
  }

  /** Whether the pfn is inside the address space that this map covers. */
  public boolean covers(long pfn) {
    return pfn >>> SUBSECTION_PAGES_SHIFT < entries.length && pfn >= 0;
  }

  /** One past the last pfn that can have a struct page. */
  public long endPfn() {
    return (long) entries.length << SUBSECTION_PAGES_SHIFT;
  }

  /** The record of a pfn ({@code pfn_to_page}). */
  public long record(long pfn) {
    long entry = entryOf(pfn);
    if ((entry & PRESENT) == 0) {
      throw missing(pfn);
    }
    return recordIn(entry, pfn);
  }

  /** The record of a pfn, or 0 if it has none. */
  public long recordOrZero(long pfn) {
    long entry = entryOf(pfn);
    return (entry & PRESENT) == 0 ? 0 : recordIn(entry, pfn);
  }

  /**
   * The entry of a pfn's subsection, for loops that keep it while they stay in the subsection and
   * in one read section of RCU.
   */
  public long entryOf(long pfn) {
    long subsection = pfn >>> SUBSECTION_PAGES_SHIFT;
    return subsection < entries.length ? (long) ENTRY.getAcquire(entries, (int) subsection) : 0;
  }

  /** Whether an entry says that its pages are base pages for the life of their pgmap. */
  public static boolean holdsBasePages(long entry) {
    return (entry & BASE_PAGES_MASK) == (PRESENT | FIXED);
  }

  /** The record of a pfn in a subsection of base pages with this entry. */
  public static long basePageRecord(long entry, long pfn) {
    return (entry & BASE_MASK) + ((pfn & INDEX_MASK) << PageLayout.RECORD_SHIFT);
  }

  private static long recordIn(long entry, long pfn) {
    int index = (int) pfn & INDEX_MASK;
    if ((entry & SHAPE_MASK) != 0) {
      index = sharedIndex(entry, index);
    }
    return (entry & BASE_MASK) + ((long) index << PageLayout.RECORD_SHIFT);
  }

  private static int sharedIndex(long entry, int index) {
    if ((entry & SHAPE_MASK) == SHAPE_TAILS) {
      return index & (PageLayout.RECORDS_PER_PAGE - 1);
    }
    return index < FOLD_FROM
        ? index
        : PageLayout.RECORDS_PER_PAGE + (index & (PageLayout.RECORDS_PER_PAGE - 1));
  }

  /**
   * The order of the folio that a pfn is in, if it is the same for the life of its pgmap.
   *
   * @return the order, or -1 if only the record can tell
   */
  public int fixedOrder(long pfn) {
    long entry = entryOf(pfn);
    return (entry & FIXED) == 0 ? -1 : (int) (entry >>> ORDER_SHIFT & ORDER_MASK);
  }

  private long entryAt(long subsection) {
    return (long) ENTRY.getAcquire(entries, (int) subsection);
  }

  private void store(long subsection, long entry) {
    ENTRY.setRelease(entries, (int) subsection, entry);
  }

  private NoStructPage missing(long pfn) {
    String epitaph = epitaphOf(pfn);
    if (epitaph != null) {
      return new NoStructPage(pfn, true, epitaph);
    }
    String why =
        covers(pfn)
            ? "no memory was brought online there"
            : "this machine's memory ends at pfn 0x%x".formatted(endPfn());
    return new NoStructPage(pfn, false, why);
  }

  private @Nullable String epitaphOf(long pfn) {
    epitaphLock.lock();
    try {
      for (Epitaph e : epitaphs) {
        if (pfn >= e.firstPfn && pfn < e.endPfn) {
          return e.text;
        }
      }
      return null;
    } finally {
      epitaphLock.unlock();
    }
  }
}
