package dev.pgmap.core.pagewalk;

import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * The 64-bit entries of {@code /proc/PID/pagemap}.
 *
 * <pre>
 *   63      62   61    60..57  56         55    54..5        4..0
 *  +-------+----+-----+-------+----------+-----+----------------------+
 *  |present|swap|file | 0     |exclusive | 0   | pfn, or if swap: pfn, type
 *  +-------+----+-----+-------+----------+-----+----------------------+
 * </pre>
 *
 * <p>Bit 55, soft-dirty, and bit 57, write-protected by userfaultfd, stay clear: neither is
 * modelled. Frames are counted in 4 KiB units. Stateless.
 */
public final class PagemapEntry {
  public static final long PRESENT = 1L << 63;
  public static final long SWAP = 1L << 62;

  /** A page of a file, or of shared anonymous memory. */
  public static final long FILE = 1L << 61;

  /** Mapped by one entry alone. */
  public static final long EXCLUSIVE = 1L << 56;

  private static final long PFN_MASK = (1L << 55) - 1;
  private static final int SWAP_TYPE_BITS = 5;
  private static final int SWAP_TYPE_SHIFT = 59;

  private PagemapEntry() {}

  /**
   * What a page-table entry becomes, for the first frame that it maps ({@code
   * pte_to_pagemap_entry}).
   */
  public static long of(MmContext context, long entry) {
    if (entry == 0) {
      return 0;
    }
    return Pte.isPresent(entry) ? present(context, entry) : swapLike(context, entry);
  }

  private static long present(MmContext context, long entry) {
    long pfn = Pte.pfn(entry);
    return PRESENT | pfn & PFN_MASK | (isNormal(entry) ? pageFlags(context, pfn) : 0);
  }

  /** Whether an entry maps a page that counts as mapped ({@code vm_normal_page}). */
  static boolean isNormal(long entry) {
    return !Pte.isSpecial(entry) && !Pte.isDevmap(entry);
  }

  private static long swapLike(MmContext context, long entry) {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    long type = entry >>> SWAP_TYPE_SHIFT;
    long pfn = kind.hasPfn() ? SwapEntry.pfn(entry) : 0;
    boolean mapped = kind.isMigration() || kind.isDevicePrivate() || kind.isDeviceExclusive();
    long flags = mapped ? pageFlags(context, pfn) : 0;
    return SWAP | pfn << SWAP_TYPE_BITS & PFN_MASK | type | flags;
  }

  private static long pageFlags(MmContext context, long pfn) {
    StructPages pages = context.pages();
    if (pages.recordOrZero(pfn) == 0) {
      return 0;
    }
    long head = pages.headPfn(pfn);
    return (Rmap.isAnonymous(pages, head) ? 0 : FILE)
        | (Rmap.mapcount(pages, head) == 1 ? EXCLUSIVE : 0);
  }

  /** The entry for the frame that lies so many frames behind. */
  public static long advance(long entry, long nrFrames) {
    if ((entry & PRESENT) != 0) {
      return entry + nrFrames;
    }
    boolean namesFrame = (entry & PFN_MASK & -1L << SWAP_TYPE_BITS) != 0;
    return namesFrame ? entry + (nrFrames << SWAP_TYPE_BITS) : entry;
  }

  /** The frame that an entry names; 0 if it names none. */
  public static long pfn(long entry) {
    return (entry & PRESENT) != 0 ? entry & PFN_MASK : (entry & PFN_MASK) >>> SWAP_TYPE_BITS;
  }

  /** The swap type of an entry with {@link #SWAP}: 23 to 31 for the swap-like kinds. */
  public static int swapType(long entry) {
    return (int) entry & (1 << SWAP_TYPE_BITS) - 1;
  }
}
