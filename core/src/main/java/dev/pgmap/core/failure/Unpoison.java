package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.sync.Rcu;

/**
 * {@code unpoison_memory}, which no kernel does to a page of a device: newer ones refuse it, older
 * ones find it in use.
 */
final class Unpoison {
  private final Rcu rcu;
  private final KernelLog log;
  private final StructPages pages;
  private final PageRefs refs;
  private final PagePut put;
  private final OnlinePages online;
  private final boolean onlinePagesOnly;

  Unpoison(
      Rcu rcu,
      KernelLog log,
      StructPages pages,
      PageRefs refs,
      PagePut put,
      OnlinePages online,
      FailurePolicies policies) {
    this.rcu = rcu;
    this.log = log;
    this.pages = pages;
    this.refs = refs;
    this.put = put;
    this.online = online;
    this.onlinePagesOnly = policies.has(Rule.UNPOISONS_ONLINE_PAGES_ONLY);
  }

  /**
   * Gives a page of RAM back that nothing else holds; of other pages it does what the kernel does,
   * up to its last check, which none of them passes.
   *
   * @throws MmException EIO for a device page in newer kernels; ENXIO without a struct page; EBUSY
   *     where newer kernels find nothing to do, while older ones return success
   */
  void run(long pfn) {
    if (onlinePagesOnly && !online.isOnline(pfn)) {
      throw new MmException(
          Errno.EIO,
          "unpoison of pfn 0x%x".formatted(pfn),
          "no page of RAM",
          "a page that is online as RAM",
          "a device page stays poisoned until its memory goes offline");
    }
    if (isLostRam(pfn)) {
      log.info("Unpoison: Software-unpoisoned page 0x%x", pfn);
      pages.clearFlag(pages.record(pfn), PageFlag.HWPOISON);
      put.put(pfn, 1);
      return;
    }
    int token = rcu.readLock();
    try {
      String why = reasonAgainst(pfn);
      log.info("Unpoison: %s 0x%x", why, pfn);
      if (onlinePagesOnly) {
        throw new MmException(Errno.EBUSY, "unpoison of pfn 0x%x: %s".formatted(pfn, why));
      }
    } finally {
      rcu.readUnlock(token);
    }
  }

  /** A page of RAM that nothing holds but the reference of its failure. */
  private boolean isLostRam(long pfn) {
    if (!online.isValid(pfn) || !online.isRam(pfn)) {
      return false;
    }
    long rec = pages.record(pfn);
    return pages.testFlag(rec, PageFlag.HWPOISON) && refs.count(rec) == 1;
  }

  /**
   * What the kernel says when it leaves the page as it is. A poisoned device page has a file, or
   * else the reference that its failure left behind.
   */
  private String reasonAgainst(long pfn) {
    long rec = pages.recordOrZero(pfn);
    if (rec == 0) {
      throw new MmException(
          Errno.ENXIO, "unpoison of pfn 0x%x".formatted(pfn), "no struct page", "memory", "");
    }
    if (!pages.testFlag(rec, PageFlag.HWPOISON)) {
      return "Page was already unpoisoned";
    }
    return refs.count(rec) > 1
        ? "Someone grabs the hwpoison page"
        : "the hwpoison page has non-NULL mapping";
  }
}
