package dev.pgmap.core.gup;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.VmFlag;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.pgtable.LeafCursor;
import dev.pgmap.core.pgtable.LeafCursors;
import dev.pgmap.core.pgtable.PageTable;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import org.jspecify.annotations.Nullable;

/**
 * {@code __get_user_pages}: takes pages under the mmap lock, faulting in what is not mapped.
 *
 * <p>The entry is read and the reference taken under the page-table lock, so the page cannot be
 * unmapped in between. The caller holds the mmap lock for reading.
 */
final class SlowWalk {
  /** A kernel goes on for good; a file that never maps what it says it maps is an error here. */
  private static final int MAX_FAULTS_PER_PAGE = 10_000;

  /** What {@link #follow} answers where there is a page, but not one of the area's own. */
  private static final int MUST_UNSHARE = -1;

  private final StructPages pages;
  private final Pagemaps pagemaps;
  private final Grab grab;
  private final Unshare unshare;
  private final GupPolicies policies;
  private final boolean perLevel;
  private final LeafCursors cursors = new LeafCursors();
  private final @Nullable LineMeter meter;

  SlowWalk(
      StructPages pages,
      Pagemaps pagemaps,
      Grab grab,
      Unshare unshare,
      GupPolicies policies,
      boolean perLevel,
      @Nullable LineMeter meter) {
    this.pages = pages;
    this.pagemaps = pagemaps;
    this.grab = grab;
    this.unshare = unshare;
    this.policies = policies;
    this.perLevel = perLevel;
    this.meter = meter;
  }

  /**
   * Takes pages from {@code start} on.
   *
   * @return how many were taken; fewer than asked for if an error came after the first
   * @throws MmException the errno of the first page
   */
  @KernelFunction("__get_user_pages")
  int walk(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    int nr = 0;
    try {
      while (nr < nrPages) {
        long address = start + ((long) nr << 12);
        Vma vma = vmaOf(mm, address, flags);
        int nrInVma = (int) Math.min(nrPages - nr, vma.end() - address >>> 12);
        nr += takeAt(mm, address, nrInVma, flags, pfns, offset + nr);
      }
    } catch (MmException e) {
      if (nr == 0) {
        throw e;
      }
    }
    return nr;
  }

  /** {@code find_extend_vma} and {@code check_vma_flags}. */
  private Vma vmaOf(Mm mm, long address, int flags) {
    Vma vma = mm.findVma(address);
    if (vma == null) {
      throw fault(address, "no mapping", "an address inside a mapping");
    }
    if (vma.has(VmFlag.IO | VmFlag.PFNMAP)) {
      throw fault(address, "a mapping of frames without pages", "a mapping of pages");
    }
    if ((flags & FollFlag.ANON) != 0 && !vma.isAnonymous()) {
      throw fault(address, "a file mapping", "anonymous memory, as FOLL_ANON asks");
    }
    if ((flags & FollFlag.LONGTERM) != 0 && refusesDaxFilesFirst() && vma.isFsdax()) {
      throw refused(vma);
    }
    if ((flags & FollFlag.WRITE) != 0 && !vma.isWritable() && (flags & FollFlag.FORCE) == 0) {
      throw fault(address, "a mapping without write permission", "a writable one");
    }
    if ((flags & FollFlag.WRITE) == 0 && !vma.isReadable() && (flags & FollFlag.FORCE) == 0) {
      throw fault(address, "a mapping without read permission", "a readable one");
    }
    return vma;
  }

  private boolean refusesDaxFilesFirst() {
    return policies.longterm() != LongtermRule.VMA_AFTER_PINNING;
  }

  /**
   * {@code check_dax_vmas}: refuses a longterm pin after its pages were taken, if one of them is of
   * a DAX file.
   *
   * @throws MmException EOPNOTSUPP; the caller drops the pages then
   */
  void checkDaxVmas(Mm mm, long start, int nrPages, int flags) {
    if ((flags & FollFlag.LONGTERM) == 0 || refusesDaxFilesFirst()) {
      return;
    }
    long end = start + ((long) nrPages << 12);
    for (long at = start; at < end; ) {
      Vma vma = vmaOf(mm, at, flags);
      if (vma.isFsdax()) {
        throw refused(vma);
      }
      at = vma.end();
    }
  }

  private static MmException refused(Vma vma) {
    return new MmException(
        Errno.EOPNOTSUPP,
        "gup: longterm pin",
        "the mapping [%s] of a DAX file, whose blocks may move".formatted(vma),
        "memory that stays where it is",
        "pin without FOLL_LONGTERM, or use device-dax");
  }

  /** Takes at least one page: as many as one step of this kernel takes. */
  private int takeAt(Mm mm, long address, int nrWanted, int flags, long[] pfns, int offset) {
    for (int attempt = 0; attempt < MAX_FAULTS_PER_PAGE; attempt++) {
      if (attempt > 1) {
        // Somebody takes the page away as soon as it is there; he has to get on.
        mm.context().sync().reschedule();
      }
      int nr = follow(mm, address, nrWanted, flags, pfns, offset);
      if (nr > 0) {
        return nr;
      }
      if ((flags & FollFlag.NOFAULT) != 0) {
        throw fault(address, "not mapped", "a page that is, as FOLL_NOFAULT asks");
      }
      faultIn(mm, address, flags, nr == MUST_UNSHARE);
    }
    throw fault(address, "still not mapped after faults", "a page");
  }

  private static void faultIn(Mm mm, long address, int flags, boolean unshare) {
    int result =
        unshare
            ? mm.unshareLocked(address)
            : mm.handleFaultLocked(address, (flags & FollFlag.WRITE) != 0);
    if ((result & VmFault.OOM) != 0) {
      throw new MmException(Errno.ENOMEM, "gup: out of memory at 0x%x".formatted(address));
    }
    if ((result & VmFault.HWPOISON) != 0 && (flags & FollFlag.HWPOISON) != 0) {
      throw new MmException(Errno.EHWPOISON, "gup: poisoned page at 0x%x".formatted(address));
    }
    if ((result & VmFault.ERROR) != 0) {
      throw fault(address, "a fault that failed with VM_FAULT 0x%x".formatted(result), "a page");
    }
  }

  /**
   * {@code follow_page_mask}: 0 if the page has to be faulted in, {@link #MUST_UNSHARE} if it must
   * become the area's own.
   */
  private int follow(Mm mm, long address, int nrWanted, int flags, long[] pfns, int offset) {
    PageTables tables = mm.tables();
    tables.lock();
    try {
      return perLevel
          ? followLevels(mm, address, nrWanted, flags, pfns, offset)
          : followLeaf(mm, address, nrWanted, flags, pfns, offset);
    } finally {
      tables.unlock();
    }
  }

  private int followLevels(Mm mm, long address, int nrWanted, int flags, long[] pfns, int offset) {
    PageTable table = mm.tables().lowestTable(address);
    long entry = table.loadAcquire(table.index(address));
    if (!Pte.isLeaf(entry, table.level()) || !permits(entry, flags)) {
      return 0;
    }
    if (mustUnshare(mm, address, entry, flags)) {
      return MUST_UNSHARE;
    }
    long indexInLeaf = address - table.blockStart(address) >>> 12;
    int nr = nrAtOnce(mm, table.level(), table.shift() - 12, indexInLeaf, nrWanted);
    return takeRun(address, entry, Pte.pfn(entry) + indexInLeaf, nr, flags, pfns, offset);
  }

  private int followLeaf(Mm mm, long address, int nrWanted, int flags, long[] pfns, int offset) {
    LeafCursor cursor = cursors.take();
    try {
      if (!cursor.seekLeaf(mm.tables(), address) || !permits(cursor.entry(), flags)) {
        return 0;
      }
      if (mustUnshare(mm, address, cursor.entry(), flags)) {
        return MUST_UNSHARE;
      }
      long indexInLeaf = address - cursor.start() >>> 12;
      int nr = nrAtOnce(mm, cursor.level(), cursor.order(), indexInLeaf, nrWanted);
      return takeRun(address, cursor.entry(), cursor.pfnOf(address), nr, flags, pfns, offset);
    } finally {
      cursors.give(cursor);
    }
  }

  private static boolean permits(long entry, int flags) {
    return Pte.permits(entry, (flags & FollFlag.WRITE) != 0);
  }

  private boolean mustUnshare(Mm mm, long address, long entry, int flags) {
    if (Pte.isSpecial(entry)) {
      requireZeroPage(mm, address, entry);
      return false;
    }
    return unshare.isNeeded(entry, Pte.pfn(entry), flags);
  }

  /** How many pages one step takes: what is left of the leaf, or of one base page. */
  private int nrAtOnce(Mm mm, int level, int order, long indexInLeaf, int nrWanted) {
    boolean whole = level == Geometry.PTE || level >= policies.slowBatchLevel();
    long unit = whole ? 1L << order : mm.pageBytes() >>> 12;
    return (int) Math.min(nrWanted, unit - (indexInLeaf & unit - 1));
  }

  /** Takes pages of one leaf, of one folio at most: kernels before 5.17 have none on devices. */
  private int takeRun(
      long address, long entry, long pfn, int nrPages, int flags, long[] pfns, int offset) {
    long head = pages.headPfn(pfn);
    int nr = (int) Math.min(nrPages, head + (1L << pages.order(head)) - pfn);
    take(address, entry, pfn, nr, flags);
    for (int i = 0; i < nr; i++) {
      pfns[offset + i] = pfn + i;
    }
    return nr;
  }

  private static void requireZeroPage(Mm mm, long address, long entry) {
    if (!mm.context().ordinary().isZeroPage(Pte.pfn(entry))) {
      throw new MmException(
          Errno.EEXIST,
          "gup at 0x%x".formatted(address),
          "frame 0x%x, which is mapped without its struct page".formatted(Pte.pfn(entry)),
          "memory that is mapped by pages",
          "");
    }
  }

  private void take(long address, long entry, long pfn, int nrPages, int flags) {
    DevPagemap pgmap = null;
    if (Pte.isDevmap(entry) && policies.looksUpPagemap()) {
      pgmap = pagemaps.getDevPagemap(pfn, null);
      if (pgmap == null) {
        throw fault(address, "a devmap entry whose pgmap is dying", "a live pgmap");
      }
    }
    try {
      checkPeerMemory(address, pfn, flags);
      grabPages(pfn, nrPages, grab.isPin(flags));
      if (!Pte.isDevmap(entry) && (flags & FollFlag.TOUCH) != 0) {
        touch(pages.record(pages.headPfn(pfn)), (flags & FollFlag.WRITE) != 0);
      }
    } finally {
      pagemaps.putDevPagemap(pgmap);
    }
  }

  /** What FOLL_TOUCH does to a page; for devmap entries it only touches the entry. */
  private void touch(long headRec, boolean write) {
    if (write) {
      pages.setFlag(headRec, PageFlag.DIRTY);
    }
    pages.markAccessed(headRec);
  }

  private void checkPeerMemory(long address, long pfn, int flags) {
    if ((flags & FollFlag.PCI_P2PDMA) == 0
        && policies.rules().contains(GupPolicies.Rule.GUARDS_P2PDMA)
        && pages.isPeerMemory(pages.record(pages.headPfn(pfn)))) {
      throw new MmException(
          Errno.EREMOTEIO,
          "gup at 0x%x".formatted(address),
          "memory of a PCI device",
          "FOLL_PCI_P2PDMA from a caller that can do with it",
          "");
    }
  }

  private void grabPages(long pfn, int nrPages, boolean pin) {
    long head = pages.headPfn(pfn);
    long rec = pages.record(head);
    int order = pages.order(head);
    if (!grab.grabStable(head, rec, order, 1, pin)) {
      throw new MmException(Errno.ENOMEM, "gup: page 0x%x cannot be referenced".formatted(head));
    }
    if (nrPages > 1 && !grab.grabStable(head, rec, order, nrPages - 1, pin)) {
      grab.put(head, rec, order, 1, pin);
      throw new MmException(Errno.EFAULT, "gup: page 0x%x has no more references".formatted(head));
    }
    if (meter != null) {
      meter.touched(head, order == 0 ? 0 : 1, order == 0 ? 1 : pin ? 2 : 1);
    }
  }

  private static MmException fault(long address, String found, String expected) {
    return new MmException(Errno.EFAULT, "gup at 0x%x".formatted(address), found, expected, "");
  }
}
