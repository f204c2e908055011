package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.sync.Rcu;

/**
 * The failure of a device page that an old kernel takes for a reserved page of RAM: it poisons the
 * page, finds that it can do nothing with it, and keeps a reference for good. Teardown of the pgmap
 * then waits for ever.
 */
final class ReservedPageFailure {
  private final Rcu rcu;
  private final StructPages pages;
  private final PageRefs refs;
  private final FailureLog log;

  ReservedPageFailure(Rcu rcu, StructPages pages, PageRefs refs, FailureLog log) {
    this.rcu = rcu;
    this.pages = pages;
    this.refs = refs;
    this.log = log;
  }

  /**
   * Handles the failure; returns never.
   *
   * @param flags whether the caller holds a reference already, which then is the one that stays
   * @throws MmException EBUSY; EHWPOISON if the page has failed before
   */
  void handle(long pfn, int flags) {
    int token = rcu.readLock();
    try {
      throw poison(pfn, pages.record(pfn), (flags & MfFlag.COUNT_INCREASED) != 0);
    } finally {
      rcu.readUnlock(token);
    }
  }

  private MmException poison(long pfn, long rec, boolean referenced) {
    if (pages.testFlag(rec, PageFlag.HWPOISON)) {
      log.say(pfn, "already hardware poisoned");
      return new MmException(Errno.EHWPOISON, "pfn 0x%x is poisoned already".formatted(pfn));
    }
    pages.setFlag(rec, PageFlag.HWPOISON);
    if (!referenced && !refs.modUnless(pfn, rec, 1)) {
      log.ended(pfn, ActionPage.KERNEL_HIGH_ORDER, ActionResult.IGNORED);
      return failed(pfn, "a page that teardown has given up already");
    }
    int nrUsers = refs.count(rec) - 1;
    log.say(pfn, "%s still referenced by %d users", ActionPage.KERNEL, nrUsers);
    log.ended(pfn, ActionPage.KERNEL, ActionResult.FAILED);
    return failed(pfn, "a device page in a memory section that holds RAM, too");
  }

  private static MmException failed(long pfn, String found) {
    return new MmException(
        Errno.EBUSY,
        "memory failure of pfn 0x%x".formatted(pfn),
        found,
        "a page that this kernel can tell from RAM",
        "use a region with sections of its own, or a later era");
  }
}
