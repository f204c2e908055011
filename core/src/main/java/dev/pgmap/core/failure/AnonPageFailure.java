package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a base page of anonymous memory that tasks map: {@code hwpoison_user_mappings} and
 * {@code me_pagecache_clean}.
 *
 * <p>Every entry that maps the page becomes one that says it is lost, so that whoever touches it
 * later gets SIGBUS; who asked to be told early, and who ran into it, is told now. The page keeps
 * the reference of its failure, so that nobody ever gets it again.
 */
final class AnonPageFailure {
  /** An entry that maps the page. */
  private record Place(Vma vma, long address) {}

  private final MmContext context;
  private final StructPages pages;
  private final FailureLog log;

  AnonPageFailure(MmContext context, FailureLog log) {
    this.context = context;
    this.pages = context.pages();
    this.log = log;
  }

  /** Whether the page is one that this class knows what to do about, or has failed before. */
  boolean covers(long pfn) {
    boolean mapped =
        pages.headPfn(pfn) == pfn
            && pages.order(pfn) == 0
            && Rmap.isAnonymous(pages, pfn)
            && Rmap.mapcount(pages, pfn) > 0;
    return mapped || pages.testFlag(pages.record(pfn), PageFlag.HWPOISON);
  }

  /**
   * Handles the failure.
   *
   * @param flags {@link MfFlag} bits; a reference of the caller is the one that stays
   * @throws MmException EHWPOISON if it has failed before, EBUSY if somebody else holds the page
   */
  void handle(long pfn, int flags, @Nullable Task current) {
    long rec = pages.record(pfn);
    boolean referenced = (flags & MfFlag.COUNT_INCREASED) != 0;
    if (!pages.testAndSetFlag(rec, PageFlag.HWPOISON)) {
      log.say(pfn, "already hardware poisoned");
      if (referenced) {
        context.put().put(pfn, 1);
      }
      throw new MmException(Errno.EHWPOISON, "pfn 0x%x is poisoned already".formatted(pfn));
    }
    if (!referenced) {
      context.refs().mod(pfn, rec, 1);
    }
    context.locks().lock(pfn);
    try {
      kill(pfn, unmap(pfn), current);
    } finally {
      context.locks().unlock(pfn);
    }
    conclude(pfn, context.refs().count(rec) - 1);
  }

  private void conclude(long pfn, int nrUsers) {
    if (nrUsers > 0) {
      log.say(pfn, "%s still referenced by %d users", ActionPage.DIRTY_LRU, nrUsers);
      log.ended(pfn, ActionPage.DIRTY_LRU, ActionResult.FAILED);
      throw new MmException(
          Errno.EBUSY,
          "memory failure of pfn 0x%x".formatted(pfn),
          "a page that somebody still holds",
          "a page that only page tables hold",
          "");
    }
    log.ended(pfn, ActionPage.DIRTY_LRU, ActionResult.RECOVERED);
  }

  /** {@code try_to_unmap} with TTU_HWPOISON; returns where the page was mapped. */
  @KernelFunction("try_to_unmap")
  private List<Place> unmap(long pfn) {
    List<Place> found = new ArrayList<>();
    Rmap.forEachMapping(
        context, pfn, (vma, address, level, entry) -> found.add(new Place(vma, address)));
    found.forEach(this::begin);
    List<Place> replaced = new ArrayList<>();
    Rmap.forEachMapping(
        context,
        pfn,
        (vma, address, level, entry) -> {
          if (replace(vma, address, level, entry, pfn)) {
            replaced.add(new Place(vma, address));
          }
        });
    found.forEach(place -> place.vma.mm().notifiers().finish());
    context.sync().rcu().synchronize();
    if (!replaced.isEmpty()) {
      context.put().put(pfn, replaced.size());
    }
    return replaced;
  }

  private void begin(Place place) {
    long end = place.address + PageMath.PAGE_BYTES;
    place
        .vma
        .mm()
        .notifiers()
        .begin(new MmuNotifiers.Range(place.address, end, MmuNotifiers.Event.CLEAR, null));
  }

  /** Under the page-table lock; an entry that only notes a move says nothing to be lost. */
  private boolean replace(Vma vma, long address, int level, long seen, long pfn) {
    long entry = seen;
    long lost = SwapEntry.of(SwapEntry.Kind.HWPOISON, pfn);
    if (SwapEntry.isMigration(entry)) {
      return false;
    }
    while (!vma.mm().tables().exchange(address, level, entry, lost)) {
      entry = vma.mm().tables().entryAt(address, level);
    }
    pages.clearFlag(pages.record(pfn), PageFlag.ANON_EXCLUSIVE);
    Rmap.remove(pages, pfn, 0);
    return true;
  }

  private void kill(long pfn, List<Place> places, @Nullable Task current) {
    for (Place place : places) {
      Task task = place.vma.mm().owner();
      if (task != current && !task.isKilledEarly()) {
        continue;
      }
      log.say(
          pfn,
          "Sending SIGBUS to %s:%d due to hardware memory corruption",
          task.comm(),
          task.pid());
      int code = task == current ? SigInfo.BUS_MCEERR_AR : SigInfo.BUS_MCEERR_AO;
      task.send(new SigInfo(TaskSignal.SIGBUS, code, place.address, PageMath.PAGE_SHIFT));
    }
  }
}
