package dev.pgmap.core.page;

import dev.pgmap.core.sync.VarWaits;
import java.util.function.BooleanSupplier;

/**
 * The lock of a page, {@code lock_page}: the flag {@link PageFlag#LOCKED} of the head of its folio.
 *
 * <p>Not owned by a thread: as in a kernel, one may lock and another unlock. Thread-safe; the
 * caller keeps the struct page online meanwhile.
 */
public final class PageLocks {
  private final StructPages pages;
  private final VarWaits waits;

  /** The locks of these pages; who waits for one waits here. */
  public PageLocks(StructPages pages, VarWaits waits) {
    this.pages = pages;
    this.waits = waits;
  }

  /** Whether the page's folio is locked. */
  public boolean isLocked(long pfn) {
    return pages.testFlag(pages.record(pages.headPfn(pfn)), PageFlag.LOCKED);
  }

  /**
   * Sleeps until a condition holds that an unlock of this head may make true. The page need not be
   * held: only the condition may look at it.
   */
  public void await(long headPfn, BooleanSupplier condition) {
    waits.await(headPfn, condition);
  }

  /** {@code folio_trylock}. */
  public boolean tryLock(long pfn) {
    return pages.testAndSetFlag(pages.record(pages.headPfn(pfn)), PageFlag.LOCKED);
  }

  /** {@code folio_lock}: sleeps, uninterruptibly, until the lock is free. */
  public void lock(long pfn) {
    long head = pages.headPfn(pfn);
    long rec = pages.record(head);
    if (!pages.testAndSetFlag(rec, PageFlag.LOCKED)) {
      waits.await(head, () -> pages.testAndSetFlag(rec, PageFlag.LOCKED));
    }
  }

  /**
   * {@code folio_unlock}.
   *
   * @throws IllegalStateException if it is not locked
   */
  public void unlock(long pfn) {
    long head = pages.headPfn(pfn);
    long rec = pages.record(head);
    if (!pages.testFlag(rec, PageFlag.LOCKED)) {
      throw new IllegalStateException("page 0x%x is not locked".formatted(head));
    }
    pages.clearFlag(rec, PageFlag.LOCKED);
    waits.wake(head);
  }
}
