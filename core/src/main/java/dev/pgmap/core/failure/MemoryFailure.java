package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgmap.PagePut;
import dev.pgmap.core.pgmap.Pagemaps;
import dev.pgmap.core.phys.Ram;
import dev.pgmap.core.sync.Mutex;
import dev.pgmap.core.sync.Sync;
import org.jspecify.annotations.Nullable;

/**
 * {@code memory_failure} and its relatives: what a machine does about a page that is lost.
 *
 * <p>A failure of a device page takes this path: {@link OnlinePages} tells it from RAM, its pgmap
 * is looked up and held, {@link DevicePageFailure} asks the driver, and {@link DaxKill} marks it,
 * unmaps it and signals the tasks. Thread-safe; failures are handled one at a time.
 */
public final class MemoryFailure {
  private final Mutex mutex = new Mutex();
  private final Pagemaps pagemaps;
  private final PagePut put;
  private final OnlinePages online;
  private final DaxKill daxKill;
  private final DevicePageFailure devicePage;
  private final ReservedPageFailure reservedPage;
  private final AnonPageFailure anonPage;
  private final Unpoison unpoison;
  private final FailureLog log;
  private final boolean putsWithoutPagemap;

  /** The task that ran into the failure that is being handled; guarded by the mutex. */
  private @Nullable Task failing;

  /** The memory failures of one machine, under one set of policies. */
  public MemoryFailure(
      Sync sync,
      KernelLog kernelLog,
      Ram ram,
      StructPages pages,
      PageRefs refs,
      Pagemaps pagemaps,
      PagePut put,
      AddressSpaces spaces,
      MmContext context,
      FailurePolicies policies) {
    this.log = new FailureLog(kernelLog, policies);
    this.pagemaps = pagemaps;
    this.put = put;
    this.online = new OnlinePages(pages, ram, policies);
    this.daxKill = new DaxKill(pages, spaces, log, policies);
    this.devicePage = new DevicePageFailure(pagemaps, put, daxKill, log, policies);
    this.reservedPage = new ReservedPageFailure(sync.rcu(), pages, refs, log);
    this.anonPage = new AnonPageFailure(context, log);
    this.unpoison = new Unpoison(sync.rcu(), kernelLog, pages, refs, put, online, policies);
    this.putsWithoutPagemap = policies.has(Rule.PUTS_WITHOUT_PAGEMAP);
  }

  /** {@code pfn_valid}: whether the pfn has a struct page. */
  boolean isValid(long pfn) {
    return online.isValid(pfn);
  }

  /**
   * {@code memory_failure}: a page is lost.
   *
   * @param pfn any pfn
   * @param flags {@link MfFlag} bits
   * @param current the task that ran into the page, whose signal says that it must act; null if
   *     none did
   * @throws MmException ENXIO where no pgmap is and for metadata of one, EBUSY for a device page
   *     that was never mapped, EHWPOISON, what a driver's op returns; EOPNOTSUPP for RAM other than
   *     base pages of anonymous memory that tasks map
   */
  @KernelFunction("memory_failure")
  public void fail(long pfn, int flags, @Nullable Task current) {
    mutex.lock();
    failing = current;
    try {
      if (!online.isOnline(pfn)) {
        failOffline(pfn, flags, current);
      } else if (online.isRam(pfn) && anonPage.covers(pfn)) {
        anonPage.handle(pfn, flags, current);
      } else if (online.isRam(pfn)) {
        throw notForRam("memory failure", pfn, flags);
      } else {
        reservedPage.handle(pfn, flags);
      }
    } finally {
      failing = null;
      mutex.unlock();
    }
  }

  /**
   * {@code mf_dax_kill_procs}: a file system names the pages of one of its files that failed, or
   * whose device goes. It is called while the failure is handled, by the thread that handles it.
   *
   * @param from the first page's offset in the file, in 4 KiB pages
   * @param flags {@link MfFlag} bits; with {@link MfFlag#MEM_PRE_REMOVE} no page is marked
   */
  public void killProcs(AddressSpace space, long from, long nrPages, int flags) {
    boolean preRemove = (flags & MfFlag.MEM_PRE_REMOVE) != 0;
    daxKill.runForFile(space, from, nrPages, mutex.isHeld() ? failing : null, preRemove);
  }

  private void failOffline(long pfn, int flags, @Nullable Task current) {
    DevPagemap pgmap = online.isValid(pfn) ? pagemaps.getDevPagemap(pfn, null) : null;
    if (pgmap != null) {
      devicePage.handle(pgmap, pfn, flags, current);
      return;
    }
    if (putsWithoutPagemap) {
      putCallersReference(pfn, flags);
    }
    log.say(pfn, "memory outside kernel control");
    throw new MmException(
        Errno.ENXIO,
        "memory failure of pfn 0x%x".formatted(pfn),
        "no pgmap that is alive",
        "a page of a device that is online",
        "see /proc/iomem");
  }

  private void putCallersReference(long pfn, int flags) {
    if ((flags & MfFlag.COUNT_INCREASED) != 0 && online.isValid(pfn)) {
      put.put(pfn, 1);
    }
  }

  /**
   * {@code soft_offline_page}: moves what is on a page away from it, before it fails. What is on a
   * device cannot be moved.
   *
   * @param flags {@link MfFlag} bits; a reference of the caller is dropped in any case
   * @throws MmException always: ENXIO without a struct page, EIO for a device page, EOPNOTSUPP for
   *     RAM
   */
  @KernelFunction("soft_offline_page")
  public void softOffline(long pfn, int flags) {
    if (online.isRam(pfn)) {
      throw notForRam("soft offline", pfn, flags);
    }
    boolean valid = online.isValid(pfn);
    putCallersReference(pfn, flags);
    throw new MmException(
        valid ? Errno.EIO : Errno.ENXIO,
        "soft offline of pfn 0x%x".formatted(pfn),
        valid ? "a page of a device" : "no struct page",
        "a page of RAM",
        "");
  }

  private MmException notForRam(String what, long pfn, int flags) {
    putCallersReference(pfn, flags);
    return new MmException(
        Errno.EOPNOTSUPP,
        "%s of pfn 0x%x".formatted(what, pfn),
        "a page of RAM that no task maps as anonymous memory, or a large one",
        "a page of a device, or an anonymous base page",
        "");
  }

  /**
   * {@code unpoison_memory}: forgets that a page was poisoned, for testing.
   *
   * @throws MmException EIO for a device page where kernels refuse that, ENXIO without a struct
   *     page, EBUSY for a page that is not poisoned, or is in use
   */
  @KernelFunction("unpoison_memory")
  public void unpoison(long pfn) {
    mutex.lock();
    try {
      unpoison.run(pfn);
    } finally {
      mutex.unlock();
    }
  }
}
