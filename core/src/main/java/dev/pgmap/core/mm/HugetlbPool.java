package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * {@code struct hstate}: the hugetlb pages of one size, which are set aside before anybody asks.
 *
 * <p>The pool holds one reference on each of its pages; a page that nobody else holds is free. So a
 * page that is unmapped but still pinned is not handed out again. Thread-safe.
 */
public final class HugetlbPool {
  private final int level;
  private final int order;
  private final Mutex lock = new Mutex();
  private final Deque<Long> pages = new ArrayDeque<>();
  private long nrReserved;

  HugetlbPool(int level, int order) {
    this.level = level;
    this.order = order;
  }

  /** The level of the entries that map one. */
  int level() {
    return level;
  }

  /** log2 of the 4 KiB frames of one. */
  int order() {
    return order;
  }

  /** Bytes of one page. */
  public long pageBytes() {
    return 1L << order + 12;
  }

  /** How many there are ({@code nr_hugepages}). */
  public long nrPages() {
    lock.lock();
    try {
      return pages.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many nobody uses ({@code free_hugepages}). */
  public long nrFree(MmContext context) {
    lock.lock();
    try {
      return countFree(context);
    } finally {
      lock.unlock();
    }
  }

  /** How many of the free ones are promised to mappings ({@code resv_hugepages}). */
  public long nrReserved() {
    lock.lock();
    try {
      return nrReserved;
    } finally {
      lock.unlock();
    }
  }

  private long countFree(MmContext context) {
    return pages.stream().filter(pfn -> isFree(context, pfn)).count();
  }

  private static boolean isFree(MmContext context, long pfn) {
    return context.refs().count(context.pages().record(pfn)) == 1;
  }

  /**
   * Sets how many there are ({@code set_max_huge_pages}). As in a kernel, it ends with as many as
   * RAM allows, and keeps those that are in use or promised.
   *
   * @throws MmException EINVAL for a negative number
   */
  public void setNrPages(MmContext context, long wanted) {
    if (wanted < 0) {
      throw new MmException(Errno.EINVAL, "nr_hugepages", "" + wanted, "0 or more", "");
    }
    lock.lock();
    try {
      grow(context, wanted);
      shrink(context, wanted);
    } finally {
      lock.unlock();
    }
  }

  private void grow(MmContext context, long wanted) {
    try {
      while (pages.size() < wanted) {
        pages.add(RamFolios.alloc(context, order, PageFlag.UPTODATE));
      }
    } catch (MmException noRoom) {
      // As many as there were: the caller reads the number back.
    }
  }

  private void shrink(MmContext context, long wanted) {
    long spare = countFree(context) - nrReserved;
    Iterator<Long> each = pages.iterator();
    while (pages.size() > wanted && spare > 0 && each.hasNext()) {
      long pfn = each.next();
      if (isFree(context, pfn)) {
        each.remove();
        context.put().put(pfn, 1);
        spare--;
      }
    }
  }

  /**
   * Promises pages to a mapping ({@code hugetlb_acct_memory}).
   *
   * @throws MmException ENOMEM if that many are not free
   */
  void reserve(MmContext context, long nr) {
    lock.lock();
    try {
      long free = countFree(context) - nrReserved;
      if (nr > free) {
        throw new MmException(
            Errno.ENOMEM,
            "MAP_HUGETLB of %d pages of %d bytes".formatted(nr, pageBytes()),
            "%d huge pages free and not reserved".formatted(free),
            "enough of them",
            "write a number to /proc/sys/vm/nr_hugepages, or map without MAP_HUGETLB");
      }
      nrReserved += nr;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a promise back. */
  void unreserve(long nr) {
    lock.lock();
    nrReserved -= nr;
    lock.unlock();
  }

  /**
   * Hands a page out, zeroed, with a reference for the caller.
   *
   * @param promised whether one was reserved for him
   * @throws MmException ENOMEM without a free page
   */
  long take(MmContext context, boolean promised) {
    lock.lock();
    try {
      long free = promised ? 1 : countFree(context) - nrReserved;
      for (long pfn : pages) {
        if (free > 0 && isFree(context, pfn)) {
          prepare(context, pfn);
          nrReserved -= promised ? 1 : 0;
          return pfn;
        }
      }
      throw new MmException(Errno.ENOMEM, "no free huge page of %d bytes".formatted(pageBytes()));
    } finally {
      lock.unlock();
    }
  }

  private void prepare(MmContext context, long pfn) {
    StructPages structPages = context.pages();
    long rec = structPages.record(pfn);
    structPages.clearFlag(rec, PageFlag.ANON_EXCLUSIVE);
    structPages.clearFlag(rec, PageFlag.DIRTY);
    structPages.setMapping(rec, 0);
    context.memory().discard(PhysRange.ofLength(pfn << 12, pageBytes()));
    context.refs().mod(pfn, rec, 1);
  }
}
