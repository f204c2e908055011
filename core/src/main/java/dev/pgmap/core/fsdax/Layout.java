package dev.pgmap.core.fsdax;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.fsdax.EntryTable.Slot;
import dev.pgmap.core.mm.MmContext;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file's pages back before their blocks go: unmaps, waits until nobody holds one of them,
 * removes the entries.
 *
 * <p>Why the wait is enough: after the unmapping, a walk without locks that found an entry has
 * either raised the count, and is seen, or sees the entry gone, and gives up. A fault cannot make a
 * new entry, since the caller holds the invalidate lock; while that is dropped for a wait one can,
 * therefore everything is looked at again after each wait. Where mappings hold references, such a
 * fault of the very page that is waited for keeps the waiter waiting until it is unmapped, as in
 * the kernel.
 */
final class Layout {
  /** One past the last page offset that any file has. */
  static final long END = 1L << 52;

  private final DaxFile file;
  private final FsDaxContext context;
  private final LayoutRule rule;

  Layout(DaxFile file) {
    this.file = file;
    this.context = file.context();
    this.rule = context.policies().layout();
  }

  /**
   * {@code dax_break_layout} and what came before it in the file systems.
   *
   * @throws MmException EINTR if the wait was interrupted; nothing was removed then
   */
  @KernelFunction("dax_break_layout")
  void breakLayout(long from, long end) {
    for (long pfn = busyPage(from, end); pfn != LayoutRule.NO_PAGE; pfn = busyPage(from, end)) {
      waitInterruptibly(pfn);
    }
    if (rule.deletesEntries()) {
      deleteEntries(from, end);
    }
    FsDaxEvents.layoutBroken(file.ino(), from, end - from);
  }

  private void waitInterruptibly(long pfn) {
    announce(pfn);
    file.unlockInvalidate();
    boolean idle;
    try {
      idle = mm().sync().varWaits().awaitInterruptibly(pfn, isIdle(pfn));
    } finally {
      file.lockInvalidate();
    }
    FsDaxEvents.layoutWoken(file.ino(), pfn, idle ? 0 : 1);
    if (!idle) {
      throw new MmException(
          Errno.EINTR,
          file + ": break of the layout",
          "interrupted while page 0x%x was held".formatted(pfn),
          "a wait until nobody holds it",
          "see who holds it: leaks, page 0x%x".formatted(pfn));
    }
  }

  private void announce(long pfn) {
    FsDaxEvents.layoutWait(file.ino(), pfn, mm().refs().count(mm().pages().record(pfn)));
  }

  private BooleanSupplier isIdle(long pfn) {
    return () -> rule.isIdle(mm().pages(), mm().refs(), pfn);
  }

  /**
   * {@code dax_layout_busy_page_range}: unmaps the part, then looks at each of its entries.
   *
   * @return a page that somebody holds, or {@link LayoutRule#NO_PAGE}
   */
  @KernelFunction("dax_layout_busy_page_range")
  private long busyPage(long from, long end) {
    if (rule.skipsUnmappedFiles() && !file.isMapped()) {
      return LayoutRule.NO_PAGE;
    }
    file.space().unmapMappingRange(from, end - from);
    EntryTable table = file.table();
    table.lock();
    try {
      long at = from;
      for (Slot slot = next(at, end); slot != null; slot = next(at, end)) {
        long busy = busyPageOf(slot);
        context.waits().wakeNext(file.space().id(), slot);
        if (busy != LayoutRule.NO_PAGE) {
          return busy;
        }
        at = slot.end();
      }
      return LayoutRule.NO_PAGE;
    } finally {
      table.unlock();
    }
  }

  private @Nullable Slot next(long from, long end) {
    return file.locks().firstUnlocked(from, end);
  }

  private long busyPageOf(Slot slot) {
    return DaxEntry.isReal(slot.entry())
        ? rule.busyPage(mm().pages(), mm().refs(), slot.entry())
        : LayoutRule.NO_PAGE;
  }

  /** {@code dax_delete_mapping_range}: the entries go, and their pages forget the file. */
  @KernelFunction("dax_delete_mapping_range")
  void deleteEntries(long from, long end) {
    forEachUnlocked(from, end, slot -> remove(slot, true));
  }

  /** {@code dax_invalidate_mapping_entry_sync}: the entries that nobody wrote to go. */
  @KernelFunction("dax_invalidate_mapping_entry_sync")
  void invalidateEntries(long from, long end) {
    forEachUnlocked(
        from,
        end,
        slot -> {
          if (slot.isDirty() || slot.isToWrite()) {
            context.waits().wakeNext(file.space().id(), slot);
          } else {
            remove(slot, false);
          }
        });
  }

  private void forEachUnlocked(long from, long end, Consumer<Slot> action) {
    EntryTable table = file.table();
    table.lock();
    try {
      long at = from;
      for (Slot slot = next(at, end); slot != null; slot = next(at, end)) {
        at = slot.end();
        action.accept(slot);
      }
    } finally {
      table.unlock();
    }
  }

  private void remove(Slot slot, boolean truncated) {
    long entry = slot.entry();
    if (DaxEntry.isReal(entry)) {
      context
          .policies()
          .association()
          .disassociate(context.pages(), entry, file.space().id(), truncated);
    }
    file.locks().remove(slot);
  }

  /** {@code dax_break_layout_final} where there is one, then {@code truncate_inode_pages_final}. */
  @KernelFunction("dax_break_layout_final")
  void evict() {
    if (rule.deletesEntries()) {
      for (long pfn = busyPage(0, END); pfn != LayoutRule.NO_PAGE; pfn = busyPage(0, END)) {
        announce(pfn);
        mm().sync().varWaits().await(pfn, isIdle(pfn));
        FsDaxEvents.layoutWoken(file.ino(), pfn, 0);
      }
    }
    file.space().unmapMappingRange();
    deleteEntries(0, END);
  }

  private MmContext mm() {
    return context.mm();
  }
}
