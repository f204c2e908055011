package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.core.sync.Mutex;
import java.util.Locale;

/**
 * Transparent huge pages of one machine: who may have them, and the huge zero page, which exists
 * while some mm maps it. Thread-safe.
 */
public final class HugePages {
  /** {@code /sys/kernel/mm/transparent_hugepage/enabled}. */
  public enum Mode {
    /** Everywhere, unless {@code MADV_NOHUGEPAGE} forbids it. */
    ALWAYS,
    /** Where {@code MADV_HUGEPAGE} asks for it. */
    MADVISE,
    /** Nowhere. */
    NEVER;

    /** The word of the file in sysfs. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of that word.
     *
     * @throws MmException EINVAL that lists the words
     */
    public static Mode named(String word) {
      for (Mode mode : values()) {
        if (mode.label().equals(word)) {
          return mode;
        }
      }
      throw new MmException(
          Errno.EINVAL,
          "transparent_hugepage/enabled",
          "'" + word + "'",
          "always, madvise or never",
          "");
    }
  }

  private static final long NONE = -1;

  private final Mutex lock = new Mutex();
  private volatile Mode mode = Mode.MADVISE;
  private volatile long zeroPfn = NONE;
  private long zeroPages;
  private int nrZeroUsers;

  /** Who may have huge pages now. */
  public Mode mode() {
    return mode;
  }

  /** Sets who may have huge pages from now on. */
  public void setMode(Mode mode) {
    this.mode = mode;
  }

  /** Whether the kernel may map a block of an area by one entry ({@code thp_vma_allowable}). */
  boolean allows(Vma vma) {
    return switch (mode) {
      case ALWAYS -> !vma.has(VmFlag.NOHUGEPAGE);
      case MADVISE -> vma.has(VmFlag.HUGEPAGE) && !vma.has(VmFlag.NOHUGEPAGE);
      case NEVER -> false;
    };
  }

  /** How many frames the huge zero page has now. */
  public long nrZeroPages() {
    lock.lock();
    try {
      return zeroPfn == NONE ? 0 : zeroPages;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a page is part of the huge zero page. */
  boolean isZeroPage(long pfn) {
    long first = zeroPfn;
    return first != NONE && pfn >= first && pfn < first + zeroPages;
  }

  /**
   * The huge zero page, for one more mm or another user ({@code mm_get_huge_zero_folio}).
   *
   * @throws MmException ENOMEM without room for it
   */
  public long getZero(MmContext context) {
    lock.lock();
    try {
      if (nrZeroUsers == 0) {
        int order = context.geometry().order(Geometry.PMD);
        zeroPages = 1L << order;
        zeroPfn = RamFolios.alloc(context, order, PageFlag.UPTODATE);
      }
      nrZeroUsers++;
      return zeroPfn;
    } finally {
      lock.unlock();
    }
  }

  /** An mm no longer maps it. A kernel frees it when memory is short; here the last user does. */
  void putZero(MmContext context) {
    long unused = NONE;
    lock.lock();
    if (--nrZeroUsers == 0) {
      unused = zeroPfn;
      zeroPfn = NONE;
    }
    lock.unlock();
    if (unused != NONE) {
      context.put().put(unused, 1);
    }
  }
}
