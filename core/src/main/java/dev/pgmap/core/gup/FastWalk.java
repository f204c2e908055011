package dev.pgmap.core.gup;

import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * The fast walk level by level, with handlers for a PTE table and for a huge leaf.
 *
 * <p>The walk stops at the first page that it cannot take and keeps those it has. It never faults,
 * blocks or allocates.
 */
final class FastWalk implements FastWalker {
  /** What two entries must agree in to be taken in one loop. */
  private static final long KIND = Pte.PRESENT | Pte.RW | Pte.USER | Pte.SPECIAL | Pte.DEVMAP;

  private static final int PAGE_SHIFT = 12;
  private static final int PTE_TABLE_SHIFT = 9;

  private final StructPages pages;
  private final PageRefs refs;
  private final Pagemaps pagemaps;
  private final Grab grab;
  private final Unshare unshare;
  private final LeafTake take;
  private final GupPolicies policies;
  private final @Nullable LineMeter meter;

  FastWalk(
      StructPages pages,
      PageRefs refs,
      Pagemaps pagemaps,
      Grab grab,
      Unshare unshare,
      LeafTake take,
      GupPolicies policies,
      @Nullable LineMeter meter) {
    this.pages = pages;
    this.refs = refs;
    this.pagemaps = pagemaps;
    this.grab = grab;
    this.unshare = unshare;
    this.take = take;
    this.policies = policies;
    this.meter = meter;
  }

  @Override
  public int walk(PageTables tables, long start, long end, int flags, long[] pfns, int offset) {
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
      if ((pte & needed) != needed || !take.mayTake(pte, flags)) {
        break;
      }
      long pfn = Pte.pfn(pte);
      if (devmap && policies.looksUpPagemap()) {
        pgmap = pagemaps.getDevPagemap(pfn, pgmap);
        if (pgmap == null) {
          take.undo(pfns, offset, nr, pin);
          nr = 0;
          break;
        }
      }
      long mapEntry = pages.map().entryOf(pfn);
      int got =
          SubsectionMap.holdsBasePages(mapEntry)
                  && !longterm
                  && !unshare.concerns(pte, flags)
                  && take.isAllowed(SubsectionMap.basePageRecord(mapEntry, pfn), flags)
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
        take.giveBack(pfn, rec, 0, 1, pin);
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
    if (take.isRefusedLongterm(pfn, head, rec, order, 1, flags)
        || !grab.tryGrab(pfn, head, rec, order, 1, pin)) {
      return ~0;
    }
    long now = PageTable.loadAcquire(entries, index);
    if (now != pte || !take.isAllowed(rec, flags) || unshare.isNeeded(pte, pfn, flags)) {
      GupEvents.recheck(pfn, pte, now);
      take.giveBack(head, rec, order, 1, pin);
      return ~0;
    }
    StructPages.markReferenced(rec);
    pfns[offset] = pfn;
    return 1;
  }

  private int leaf(PageTable table, long start, long end, int flags, long[] pfns, int offset) {
    int index = table.index(start);
    long entry = table.loadAcquire(index);
    if (!Pte.isLeaf(entry, table.level()) || !take.mayTake(entry, flags)) {
      return 0;
    }
    long pfn = Pte.pfn(entry) + (start - table.blockStart(start) >>> 12);
    int nrWanted = (int) (end - start >>> 12);
    if (!take.leaf(table, index, entry, pfn, nrWanted, flags)) {
      return 0;
    }
    for (int i = 0; i < nrWanted; i++) {
      pfns[offset + i] = pfn + i;
    }
    return nrWanted;
  }
}
