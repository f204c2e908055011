package dev.pgmap.core.gup;

import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * gup-fast: takes pages by walking page tables without any lock.
 *
 * <p>Why this is safe. The caller is inside a read section of RCU, as a kernel has interrupts off.
 * Whoever clears a leaf and then wants the page to be unused waits for a grace period first, so a
 * page found through an entry stays a page of that memory until the walk is over. Between reading
 * the entry and taking the reference the entry may have gone; therefore it is read again after the
 * reference was taken (a locked instruction, hence a full barrier), and if it changed the reference
 * is given back. In kernels with devmap entries the pgmap reference, held from before the page
 * reference until after the second look, excludes teardown besides.
 *
 * <p>The walk stops at the first page that it cannot take and keeps those it has. It never faults,
 * blocks or allocates.
 */
final class FastWalk {
  /** What two entries must agree in to be taken in one loop. */
  private static final long KIND = Pte.PRESENT | Pte.RW | Pte.USER | Pte.SPECIAL | Pte.DEVMAP;

  private static final int PAGE_SHIFT = 12;
  private static final int PTE_TABLE_SHIFT = 9;

  private final StructPages pages;
  private final PageRefs refs;
  private final Pagemaps pagemaps;
  private final Grab grab;
  private final Unshare unshare;
  private final PagePut put;
  private final GupPolicies policies;
  private final @Nullable LineMeter meter;

  FastWalk(
      StructPages pages,
      PageRefs refs,
      Pagemaps pagemaps,
      Grab grab,
      Unshare unshare,
      PagePut put,
      GupPolicies policies,
      @Nullable LineMeter meter) {
    this.pages = pages;
    this.refs = refs;
    this.pagemaps = pagemaps;
    this.grab = grab;
    this.unshare = unshare;
    this.put = put;
    this.policies = policies;
    this.meter = meter;
  }

  /**
   * Takes pages from {@code start} on.
   *
   * @param end exclusive, a multiple of 4096 like {@code start}
   * @param pfns filled from {@code offset} on
   * @return how many pages were taken
   */
  int walk(PageTables tables, long start, long end, int flags, long[] pfns, int offset) {
    int at = offset;
    for (long address = start; address < end; ) {
      PageTable table = tables.lowestTable(address);
      long next = Math.min(end, nextTable(table, address));
      int got =
          table.shift() == PAGE_SHIFT
              ? pteRange(table, address, next, flags, pfns, at)
              : leaf(table, address, next, flags, pfns, at);
      at += got;
      if (got < (int) (next - address >>> 12)) {
        break;
      }
      address = next;
    }
    return at - offset;
  }

  /**
   * The end of what one call of a handler covers: a PTE table, or one leaf of several pages, which
   * a PTE is too where the base page is larger than 4 KiB.
   */
  private static long nextTable(PageTable table, long address) {
    int shift = table.shift() == PAGE_SHIFT ? PAGE_SHIFT + PTE_TABLE_SHIFT : table.shift();
    return (address & -1L << shift) + (1L << shift);
  }

  /** {@code gup_fast_pte_range}: the pages of one PTE table. */
  private int pteRange(PageTable table, long start, long end, int flags, long[] pfns, int offset) {
    long[] entries = table.entries();
    int index = table.index(start);
    int nrWanted = (int) (end - start >>> 12);
    boolean pin = grab.isPin(flags);
    boolean longterm = (flags & FollFlag.LONGTERM) != 0;
    long needed = Pte.permissionBits((flags & FollFlag.WRITE) != 0);
    DevPagemap pgmap = null;
    int nr = 0;
    while (nr < nrWanted) {
      long pte = PageTable.loadAcquire(entries, index + nr);
      boolean devmap = Pte.isDevmap(pte);
      if ((pte & needed) != needed || Pte.isSpecial(pte) || longterm && devmap) {
        break;
      }
      long pfn = Pte.pfn(pte);
      if (devmap && policies.looksUpPagemap()) {
        pgmap = pagemaps.getDevPagemap(pfn, pgmap);
        if (pgmap == null) {
          undo(pfns, offset, nr, pin);
          nr = 0;
          break;
        }
      }
      long mapEntry = pages.map().entryOf(pfn);
      int got =
          SubsectionMap.holdsBasePages(mapEntry) && !longterm && !unshare.concerns(pte, flags)
              ? takeBasePages(
                  entries, index + nr, nrWanted - nr, pte, mapEntry, pin, pfns, offset + nr)
              : takeOne(entries, index + nr, pte, pfn, flags, pin, pfns, offset + nr);
      nr += got < 0 ? ~got : got;
      if (got < 0) {
        break;
      }
    }
    pagemaps.putDevPagemap(pgmap);
    meterPteRange(pfns, offset, nr);
    return nr;
  }

  /**
   * The hot loop: base pages of one subsection, and so of one pgmap, whose entries have the same
   * bits. Few variables, all in locals: each atomic instruction makes the compiler forget every
   * field that it has read.
   *
   * @param first the entry at {@code from}, which was checked
   * @return how many pages were taken; inverted if it stopped because one could not be
   */
  private int takeBasePages(
      long[] entries,
      int from,
      int nrWanted,
      long first,
      long mapEntry,
      boolean pin,
      long[] pfns,
      int offset) {
    PageRefs refs = this.refs;
    long bits = first & KIND;
    long subsection = Pte.pfn(first) >>> SubsectionMap.SUBSECTION_PAGES_SHIFT;
    for (int i = 0; i < nrWanted; i++) {
      long pte = PageTable.loadAcquire(entries, from + i);
      long pfn = Pte.pfn(pte);
      if ((pte & KIND) != bits || pfn >>> SubsectionMap.SUBSECTION_PAGES_SHIFT != subsection) {
        return i;
      }
      long rec = SubsectionMap.basePageRecord(mapEntry, pfn);
      if (!Grab.tryGrabBasePage(refs, pfn, rec, pin)) {
        return ~i;
      }
      long now = PageTable.loadAcquire(entries, from + i);
      if (now != pte) {
        GupEvents.recheck(pfn, pte, now);
        giveBack(pfn, rec, 0, 1, pin);
        return ~i;
      }
      StructPages.markReferenced(rec);
      pfns[offset + i] = pfn;
    }
    return nrWanted;
  }

  private void meterPteRange(long[] pfns, int offset, int nrPages) {
    if (meter != null && nrPages > 0) {
      boolean base = pages.order(pages.headPfn(pfns[offset])) == 0;
      meter.touched(pfns[offset], base ? 0 : nrPages, base ? nrPages : 2);
    }
  }

  /** One page of any folio; the return value is that of {@link #takeBasePages}. */
  private int takeOne(
      long[] entries,
      int index,
      long pte,
      long pfn,
      int flags,
      boolean pin,
      long[] pfns,
      int offset) {
    long head = pages.headPfn(pfn);
    long rec = pages.recordOrZero(head);
    if (rec == 0) {
      return ~0;
    }
    int order = pages.order(head);
    if (!grab.tryGrab(head, rec, order, 1, pin)) {
      return ~0;
    }
    long now = PageTable.loadAcquire(entries, index);
    if (now != pte || !isAllowed(rec, flags) || unshare.isNeeded(pte, pfn, flags)) {
      GupEvents.recheck(pfn, pte, now);
      giveBack(head, rec, order, 1, pin);
      return ~0;
    }
    StructPages.markReferenced(rec);
    pfns[offset] = pfn;
    return 1;
  }

  /** {@code gup_fast_folio_allowed}: what only the slow path may pin. */
  private boolean isAllowed(long headRec, int flags) {
    int longtermWrite = FollFlag.PIN | FollFlag.LONGTERM | FollFlag.WRITE;
    if (!policies.rules().contains(GupPolicies.Rule.LEAVES_FILES_TO_SLOW)
        || (flags & longtermWrite) != longtermWrite) {
      return true;
    }
    return !pages.isZoneDevice(headRec);
  }

  private int leaf(PageTable table, long start, long end, int flags, long[] pfns, int offset) {
    int index = table.index(start);
    long entry = table.loadAcquire(index);
    boolean write = (flags & FollFlag.WRITE) != 0;
    if (!Pte.isLeaf(entry, table.level()) || !Pte.permits(entry, write) || Pte.isSpecial(entry)) {
      return 0;
    }
    if (Pte.isDevmap(entry) && (flags & FollFlag.LONGTERM) != 0) {
      return 0;
    }
    long pfn = Pte.pfn(entry) + (start - table.blockStart(start) >>> 12);
    int nrWanted = (int) (end - start >>> 12);
    boolean taken =
        policies.leafWalk() == LeafWalk.WHOLE_LEAF
            ? takeWholeLeaf(table, index, entry, pfn, nrWanted, flags)
            : takePerPage(table, index, entry, pfn, nrWanted, flags);
    if (!taken) {
      return 0;
    }
    for (int i = 0; i < nrWanted; i++) {
      pfns[offset + i] = pfn + i;
    }
    return nrWanted;
  }

  private boolean takeWholeLeaf(
      PageTable table, int index, long entry, long pfn, int nrPages, int flags) {
    boolean pin = grab.isPin(flags);
    long head = pages.headPfn(pfn);
    long rec = pages.recordOrZero(head);
    if (rec == 0) {
      return false;
    }
    int order = pages.order(head);
    if (!grab.tryGrab(head, rec, order, nrPages, pin)) {
      return false;
    }
    long now = table.loadAcquire(index);
    if (now != entry || !isAllowed(rec, flags) || unshare.isNeeded(entry, head, flags)) {
      GupEvents.recheck(pfn, entry, now);
      giveBack(head, rec, order, nrPages, pin);
      return false;
    }
    StructPages.markReferenced(rec);
    if (meter != null) {
      meter.touched(head, 1, pin ? 2 : 1);
    }
    return true;
  }

  /** {@code __gup_device_huge}: base page by base page, the pgmap looked up for each. */
  private boolean takePerPage(
      PageTable table, int index, long entry, long firstPfn, int nrPages, int flags) {
    boolean pin = grab.isPin(flags);
    DevPagemap pgmap = null;
    int nr = 0;
    while (nr < nrPages) {
      long pfn = firstPfn + nr;
      if (policies.looksUpPagemap()) {
        pgmap = pagemaps.getDevPagemap(pfn, pgmap);
        if (pgmap == null) {
          break;
        }
      }
      if (!takeLeafPage(pfn, pin)) {
        break;
      }
      nr++;
    }
    pagemaps.putDevPagemap(pgmap);
    if (nr < nrPages || table.loadAcquire(index) != entry) {
      undoRange(firstPfn, nr, pin);
      return false;
    }
    meterPerPage(firstPfn, nrPages, pin);
    return true;
  }

  private boolean takeLeafPage(long pfn, boolean pin) {
    long head = pages.headPfn(pfn);
    long rec = pages.recordOrZero(head);
    if (rec == 0) {
      return false;
    }
    StructPages.markReferenced(rec);
    int order = pages.order(head);
    return policies.leafWalk() == LeafWalk.PER_PAGE_TRY
        ? grab.tryGrab(head, rec, order, 1, pin)
        : grab.grabStable(head, rec, order, 1, pin);
  }

  private void meterPerPage(long firstPfn, int nrPages, boolean pin) {
    if (meter != null) {
      boolean base = pages.order(pages.headPfn(firstPfn)) == 0;
      long written = base ? nrPages : pin ? 2 : 1;
      meter.touched(firstPfn, base ? 0 : nrPages, written);
    }
  }

  private void undo(long[] pfns, int offset, int nrPages, boolean pin) {
    for (int i = 0; i < nrPages; i++) {
      undoRange(pfns[offset + i], 1, pin);
    }
  }

  private void undoRange(long firstPfn, int nrPages, boolean pin) {
    for (long pfn = firstPfn; pfn < firstPfn + nrPages; pfn++) {
      long head = pages.headPfn(pfn);
      giveBack(head, pages.record(head), pages.order(head), 1, pin);
    }
  }

  private void giveBack(long headPfn, long headRec, int order, int nrPages, boolean pin) {
    GupEvents.undo(headPfn, nrPages);
    if (grab.put(headPfn, headRec, order, nrPages, pin)) {
      put.freed(headPfn);
    }
  }
}
