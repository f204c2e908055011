package dev.pgmap.core.gup;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.OrdinaryMemory;
import dev.pgmap.core.page.LineMeter;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.core.sync.Sync;
import org.jspecify.annotations.Nullable;

/**
 * get_user_pages and pin_user_pages of one machine, and their undoing.
 *
 * <p>The path of a pin: {@link #pinUserPagesFast} checks the arguments, {@link FastWalker} walks
 * the page tables and finds the folio, {@link Grab} adds to its reference word; what the fast walk
 * could not take, {@link SlowWalk} takes under the mmap lock. All calls return the number of pages
 * taken, named by pfn in the caller's array. Thread-safe; the fast calls allocate nothing.
 */
public final class Gup {
  private final Sync sync;
  private final KernelLog log;
  private final FastWalker fast;
  private final SlowWalk slow;
  private final Unpin unpin;
  private final LongtermCheck longterm;
  private final PagePut put;
  private final VmStat vmstat;

  /** gup for one machine, under one set of policies, with one of the walkers. */
  public Gup(
      Sync sync,
      KernelLog log,
      StructPages pages,
      PageRefs refs,
      Pagemaps pagemaps,
      PagePut put,
      VmStat vmstat,
      GupPolicies policies,
      OrdinaryMemory ordinary,
      TableWalker walker,
      CoherentMigration migration,
      @Nullable LineMeter meter) {
    Grab grab = new Grab(pages, refs, put, policies, ordinary);
    Unshare unshare = new Unshare(pages, ordinary);
    this.sync = sync;
    this.log = log;
    LeafTake take = new LeafTake(pages, pagemaps, grab, unshare, put, policies, meter);
    boolean perLevel = walker.equals(TableWalker.PER_LEVEL);
    this.fast =
        perLevel
            ? new FastWalk(pages, refs, pagemaps, grab, unshare, take, policies, meter)
            : new LeafFastWalk(pagemaps, take, policies);
    this.slow = new SlowWalk(pages, pagemaps, grab, unshare, policies, perLevel, meter);
    this.unpin = new Unpin(sync, pages, grab, put, vmstat, meter);
    this.longterm = new LongtermCheck(pages, refs, unpin, vmstat, migration);
    this.put = put;
    this.vmstat = vmstat;
  }

  /**
   * {@code get_user_pages_fast}.
   *
   * @param start user address; rounded down to a page
   * @param flags {@link FollFlag} bits
   * @param pfns receives the pages from {@code offset} on
   * @return how many pages were taken
   * @throws MmException EINVAL, EOVERFLOW, EFAULT, ENOMEM, if none was
   */
  @KernelFunction("get_user_pages_fast")
  public int getUserPagesFast(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    checkFast(flags, FollFlag.GET);
    return fastThenSlow(mm, start, nrPages, flags | FollFlag.GET, pfns, offset);
  }

  /** {@code pin_user_pages_fast}; as {@link #getUserPagesFast}, with pins. */
  @KernelFunction("pin_user_pages_fast")
  public int pinUserPagesFast(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    checkFast(flags, FollFlag.PIN);
    int nr = fastThenSlow(mm, start, nrPages, flags | FollFlag.PIN, pfns, offset);
    vmstat.acquired(nr);
    return nr;
  }

  /** {@code get_user_pages}: always the slow path. */
  @KernelFunction("get_user_pages")
  public int getUserPages(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    checkArguments(flags, FollFlag.GET);
    return slowly(mm, start, nrPages, flags | FollFlag.GET | FollFlag.TOUCH, pfns, offset);
  }

  /**
   * {@code pin_user_pages}: always the slow path.
   *
   * @throws MmException as {@link #getUserPages}; where a kernel warns about the arguments and
   *     returns 0, this throws EINVAL
   */
  @KernelFunction("pin_user_pages")
  public int pinUserPages(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    checkArguments(flags, FollFlag.PIN);
    int nr = slowly(mm, start, nrPages, flags | FollFlag.PIN | FollFlag.TOUCH, pfns, offset);
    vmstat.acquired(nr);
    return nr;
  }

  private void checkFast(int flags, int wanted) {
    if ((flags & ~FollFlag.FAST_ALLOWED) != 0) {
      throw badFlags(flags, "flags that the fast calls know");
    }
    checkArguments(flags & ~FollFlag.FAST_ONLY, wanted);
  }

  /** {@code is_valid_gup_args}. */
  private void checkArguments(int flags, int wanted) {
    int other = wanted ^ (FollFlag.GET | FollFlag.PIN);
    if ((flags & FollFlag.INTERNAL & ~wanted) != 0 || (flags & other) != 0) {
      throw badFlags(flags, "no internal flags, and one of FOLL_GET and FOLL_PIN");
    }
    boolean longterm = (flags & FollFlag.LONGTERM) != 0;
    if (longterm && wanted != FollFlag.PIN) {
      throw badFlags(flags, "FOLL_PIN with FOLL_LONGTERM");
    }
    if (longterm && (flags & FollFlag.PCI_P2PDMA) != 0) {
      throw badFlags(flags, "FOLL_LONGTERM without FOLL_PCI_P2PDMA");
    }
  }

  private MmException badFlags(int flags, String expected) {
    log.warnOnce("gup-args", "gup: bad flags 0x%x", flags);
    return new MmException(
        Errno.EINVAL, "gup", "flags 0x%x".formatted(flags), expected, "see FOLL_* in the glossary");
  }

  @KernelFunction("gup_fast_fallback")
  private int fastThenSlow(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    long first = start & -4096L;
    checkCount(first, nrPages);
    long end = endOf(mm, first, nrPages);
    int nr = walkFast(mm, first, end, flags, pfns, offset);
    if (nr == nrPages || (flags & FollFlag.FAST_ONLY) != 0) {
      return nr;
    }
    try {
      long rest = first + ((long) nr << 12);
      int slowFlags = flags | FollFlag.TOUCH;
      return nr + slowly(mm, rest, nrPages - nr, slowFlags, pfns, offset + nr);
    } catch (MmException e) {
      if (nr > 0) {
        return nr;
      }
      throw e;
    }
  }

  private static void checkCount(long first, int nrPages) {
    if (nrPages <= 0) {
      throw new MmException(
          Errno.EINVAL,
          "gup",
          "%d pages from 0x%x".formatted(nrPages, first),
          "at least one page",
          "");
    }
  }

  /** Only the fast calls look at the end; the slow ones stop where no mapping is. */
  private static long endOf(Mm mm, long first, int nrPages) {
    long end = first + ((long) nrPages << 12);
    if (Long.compareUnsigned(end, first) < 0) {
      throw new MmException(
          Errno.EOVERFLOW, "gup: %d pages from 0x%x wrap around".formatted(nrPages, first));
    }
    if (Long.compareUnsigned(end, mm.tables().geometry().userEnd()) > 0) {
      throw new MmException(
          Errno.EFAULT, "gup: 0x%x to 0x%x ends outside user space".formatted(first, end));
    }
    return end;
  }

  @KernelFunction("gup_fast")
  private int walkFast(Mm mm, long first, long end, int flags, long[] pfns, int offset) {
    boolean pin = (flags & FollFlag.PIN) != 0;
    int sequence = 0;
    if (pin) {
      mm.setHasPinned();
      sequence = mm.writeProtectSeq();
      if ((sequence & 1) != 0) {
        return 0;
      }
    }
    GupEvents.fastBegin(first, end - first >>> 12, flags);
    int token = sync.rcu().readLock();
    int nr;
    try {
      nr = fast.walk(mm.tables(), first, end, flags, pfns, offset);
    } finally {
      sync.rcu().readUnlock(token);
    }
    GupEvents.fastEnd(first, nr);
    if (pin && nr > 0 && mm.writeProtectSeq() != sequence) {
      vmstat.acquired(nr);
      unpin.pages(pfns, offset, nr, false);
      return 0;
    }
    return nr;
  }

  @KernelFunction("__gup_longterm_locked")
  private int slowly(Mm mm, long start, int nrPages, int flags, long[] pfns, int offset) {
    long first = start & -4096L;
    checkCount(first, nrPages);
    if ((flags & FollFlag.PIN) != 0) {
      mm.setHasPinned();
    }
    mm.mmapLock().lockRead();
    try {
      GupEvents.slowBegin(first, nrPages, flags);
      int nr = slow.walk(mm, first, nrPages, flags, pfns, offset);
      nr = checkedForDax(mm, first, nr, flags, pfns, offset);
      while ((flags & FollFlag.LONGTERM) != 0 && longterm.mustRetry(pfns, offset, nr)) {
        nr = slow.walk(mm, first, nrPages, flags, pfns, offset);
      }
      return nr;
    } finally {
      mm.mmapLock().unlockRead();
    }
  }

  /** Kernels that look for DAX files after they took the pages drop them all again. */
  private int checkedForDax(Mm mm, long first, int nr, int flags, long[] pfns, int offset) {
    try {
      slow.checkDaxVmas(mm, first, nr, flags);
      return nr;
    } catch (MmException e) {
      vmstat.acquired(nr);
      unpin.pages(pfns, offset, nr, false);
      throw e;
    }
  }

  /** {@code unpin_user_page}. */
  @KernelFunction("unpin_user_page")
  public void unpinUserPage(long pfn) {
    unpin.range(pfn, 1, false);
  }

  /**
   * {@code unpin_user_pages}: drops one pin for each entry. A negative number, an error that the
   * caller did not look at, is warned about.
   *
   * @throws MmException for the first page that had none or is gone, after the others were dropped
   */
  @KernelFunction("unpin_user_pages")
  public void unpinUserPages(long[] pfns, int offset, int nrPages) {
    unpinUserPagesDirtyLock(pfns, offset, nrPages, false);
  }

  /** {@code unpin_user_pages_dirty_lock}: the same, and the folios are dirty. */
  @KernelFunction("unpin_user_pages_dirty_lock")
  public void unpinUserPagesDirtyLock(long[] pfns, int offset, int nrPages, boolean dirty) {
    if (isCount(nrPages)) {
      unpin.pages(pfns, offset, nrPages, dirty);
    }
  }

  private boolean isCount(int nr) {
    if (nr < 0) {
      log.warnOnce("unpin-count", "unpin of %d pages", nr);
    }
    return nr >= 0;
  }

  /** {@code unpin_user_page_range_dirty_lock}: contiguous pages. */
  @KernelFunction("unpin_user_page_range_dirty_lock")
  public void unpinUserPageRangeDirtyLock(long firstPfn, long nrPages, boolean dirty) {
    unpin.range(firstPfn, nrPages, dirty);
  }

  /** {@code unpin_user_folio}: several pins of the folio that a pfn is in. */
  @KernelFunction("unpin_user_folio")
  public void unpinUserFolio(long pfn, int nrPins) {
    if (isCount(nrPins)) {
      unpin.folio(pfn, nrPins);
    }
  }

  /** {@code put_page}: drops what a get took. */
  @KernelFunction("put_page")
  public void putPage(long pfn) {
    put.put(pfn, 1);
  }
}
