package dev.pgmap.core.mm;

import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * What the loops of this package do with entries that are neither none nor present.
 *
 * <p>Stateless. What has no handling yet is a bug of the engine, reported and left alone.
 */
final class SwapLike {
  /** What {@link #heldBy} returns when the entry held no reference. */
  static final long NO_PFN = -1;

  private SwapLike() {}

  /** Whether an entry is of a swap-like kind. */
  static boolean is(long entry) {
    return SwapEntry.isSwap(entry);
  }

  /** A CPU touched the address ({@code do_swap_page}); the caller holds the mmap lock. */
  static int fault(Vma vma, long address, int level, long entry, boolean write) {
    unknown(vma, address, entry);
    return VmFault.SIGBUS;
  }

  /**
   * The entry was cleared, under the page-table lock ({@code zap_nonpresent_ptes}): only entries
   * that map a page hold something.
   *
   * @return the page whose reference and map count the entry held, to be dropped, or {@link
   *     #NO_PFN}
   */
  static long heldBy(long entry) {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    return kind.isDevicePrivate() || kind.isDeviceExclusive() ? SwapEntry.pfn(entry) : NO_PFN;
  }

  /**
   * A fork meets the entry ({@code copy_nonpresent_pte}): copies it to the child, changing that of
   * the parent if need be. Both page-table locks are held.
   */
  static void copy(Vma from, Vma to, long address, int level, long entry) {
    unknown(from, address, entry);
  }

  /** The entry after a change of what its area allows ({@code change_pte_range}). */
  static long protect(Vma vma, long address, int level, long entry) {
    return entry;
  }

  /** The page that the entry names, or {@link #NO_PFN}. */
  static long pfnOf(long entry) {
    return SwapEntry.kind(entry).hasPfn() ? SwapEntry.pfn(entry) : NO_PFN;
  }

  private static void unknown(Vma vma, long address, long entry) {
    vma.mm().context().log().bug("%s: entry 0x%x at 0x%x", vma.mm(), entry, address);
  }
}
