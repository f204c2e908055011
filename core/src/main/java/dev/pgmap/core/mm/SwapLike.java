package dev.pgmap.core.mm;

import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.pgtable.SwapEntry;

/**
 * What the loops of this package do with entries that are neither none nor present.
 *
 * <p>Stateless.
 */
final class SwapLike {
  /** What {@link #heldBy} returns when the entry held no reference. */
  static final long NO_PFN = -1;

  private SwapLike() {}

  /** Whether an entry is of a swap-like kind. */
  static boolean is(long entry) {
    return SwapEntry.isSwap(entry);
  }

  /** Whether the entry counts as a mapping of its page, as one of a page alone may not. */
  static boolean isCounted(MmContext context, long entry) {
    return SwapEntry.kind(entry).isDevicePrivate() || context.swap().exclusive().keepsMapcount();
  }

  /**
   * The entry was cleared, under the page-table lock ({@code zap_nonpresent_ptes}).
   *
   * @return the page whose reference the entry held, to be dropped, or {@link #NO_PFN}
   */
  static long heldBy(long entry) {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    return kind.isDevicePrivate() || kind.isDeviceExclusive() ? SwapEntry.pfn(entry) : NO_PFN;
  }

  /**
   * A fork meets the entry ({@code copy_nonpresent_pte}): copies it to the child, and takes the
   * right to write from both. Both page-table locks are held.
   */
  static void copy(Vma from, Vma to, long address, int level, long entry) {
    MmContext context = from.mm().context();
    long copied = SwapEntry.readOnly(entry);
    if (copied != entry) {
      from.mm().tables().exchange(address, level, entry, copied);
    }
    if (SwapEntry.isDevicePrivate(entry)) {
      long pfn = SwapEntry.pfn(entry);
      long head = context.pages().headPfn(pfn);
      context.refs().mod(head, context.pages().record(head), 1);
      Rmap.add(context.pages(), pfn, context.geometry().order(level));
      context.pages().clearFlag(context.pages().record(pfn), PageFlag.ANON_EXCLUSIVE);
    }
    to.mm().tables().insertSwap(address, level, copied);
  }

  /** The entry after a change of what its area allows ({@code change_pte_range}). */
  static long protect(long entry) {
    SwapEntry.Kind kind = SwapEntry.kind(entry);
    return switch (kind) {
      case MIGRATION_WRITE ->
          SwapEntry.of(SwapEntry.Kind.MIGRATION_READ_EXCLUSIVE, SwapEntry.pfn(entry));
      case DEVICE_WRITE -> SwapEntry.readOnly(entry);
      default -> entry;
    };
  }

  /** The page that the entry names, or {@link #NO_PFN}. */
  static long pfnOf(long entry) {
    return SwapEntry.kind(entry).hasPfn() ? SwapEntry.pfn(entry) : NO_PFN;
  }
}
