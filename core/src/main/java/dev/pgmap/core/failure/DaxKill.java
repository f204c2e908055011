package dev.pgmap.core.failure;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.AddressSpaces;
import dev.pgmap.core.mm.EngineFile;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.phys.PageMath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code mf_generic_kill_procs}: marks a device page as lost, takes it out of all page tables, and
 * tells the tasks that mapped it.
 *
 * <p>The page is the head of its folio: in kernels with compound device pages that is what the flag
 * and the address of the signal belong to. The caller holds the pgmap.
 */
final class DaxKill {
  /** A task to be told, and of which mapping. */
  private record ToKill(Task task, AddressSpace.MappedAt at) {}

  private final StructPages pages;
  private final AddressSpaces spaces;
  private final FailureLog log;
  private final boolean tellsEarlyTasks;

  DaxKill(StructPages pages, AddressSpaces spaces, FailureLog log, FailurePolicies policies) {
    this.pages = pages;
    this.spaces = spaces;
    this.log = log;
    this.tellsEarlyTasks = policies.has(Rule.TELLS_EARLY_TASKS);
  }

  /**
   * Handles the failure of a page.
   *
   * @param current the task that ran into it; null if none did
   * @throws MmException EBUSY if no file has ever mapped the page; nothing changed then
   */
  void run(long pfn, @Nullable Task current) {
    long rec = pages.record(pages.headPfn(pfn));
    Held held = lockDaxFolio(pfn, rec);
    try {
      pages.setFlag(rec, PageFlag.HWPOISON);
      AddressSpace space = held.space;
      if (space != null) {
        long pgoff = pages.index(rec);
        unmapAndKill(space, pgoff, collectProcs(space, pgoff, current, false), pfn, current);
      }
    } finally {
      held.entry.release();
    }
  }

  /**
   * {@code mf_dax_kill_procs}: the same for pages that a file system names by file and offset, so
   * that those are found, too, which several files share.
   *
   * @param current the task that ran into it; null if none did
   * @param preRemove whether nothing is broken, and all tasks are told that the device goes
   */
  @KernelFunction("mf_dax_kill_procs")
  void runForFile(
      AddressSpace space, long from, long nrPages, @Nullable Task current, boolean preRemove) {
    for (long pgoff = from; pgoff < from + nrPages; pgoff++) {
      EngineFile.EntryHold entry = space.holdEntry(pgoff, () -> true);
      if (entry != null) {
        try {
          killAt(space, pgoff, entry.pfn(), current, preRemove);
        } finally {
          entry.release();
        }
      }
    }
  }

  private void killAt(
      AddressSpace space, long pgoff, long pfn, @Nullable Task current, boolean preRemove) {
    if (pfn < 0) {
      return;
    }
    if (!preRemove) {
      pages.setFlag(pages.record(pages.headPfn(pfn)), PageFlag.HWPOISON);
    }
    unmapAndKill(space, pgoff, collectProcs(space, pgoff, current, preRemove), pfn, current);
  }

  /**
   * A page's file while it stays that file's.
   *
   * @param space null for a file that is gone already: it was unmapped by all, and nobody is left
   *     to be told
   */
  private record Held(@Nullable AddressSpace space, EngineFile.EntryHold entry) {}

  /**
   * Finds the file that the page belongs to, and keeps it from giving the page up. Pages of private
   * and coherent memory have none, and neither have those that several files share.
   */
  @KernelFunction("dax_lock_folio")
  private Held lockDaxFolio(long pfn, long rec) {
    while (true) {
      long mapping = mappingOf(pfn, rec);
      AddressSpace space = spaces.byMapping(mapping);
      if (space == null) {
        return new Held(null, EngineFile.EntryHold.NOTHING);
      }
      EngineFile.EntryHold entry =
          space.holdEntry(pages.index(rec), () -> pages.mapping(rec) == mapping);
      if (entry != null) {
        return new Held(space, entry);
      }
    }
  }

  private long mappingOf(long pfn, long rec) {
    long mapping = pages.mapping(rec);
    if (mapping == 0 || AddressSpace.isAnonymous(mapping)) {
      throw new MmException(
          Errno.EBUSY,
          "memory failure of pfn 0x%x".formatted(pfn),
          "a device page that no file maps",
          "a page that was mapped at least once",
          "touch it through its device first");
    }
    return mapping;
  }

  @KernelFunction("collect_procs")
  private List<ToKill> collectProcs(
      AddressSpace space, long pgoff, @Nullable Task current, boolean all) {
    List<ToKill> toKill = new ArrayList<>();
    for (AddressSpace.MappedAt at : space.mappingsOf(pgoff)) {
      Task task = at.mm().owner();
      if (all || task == current || tellsEarlyTasks && task.isKilledEarly()) {
        toKill.add(new ToKill(task, at));
      }
    }
    return toKill;
  }

  /**
   * Unmaps as much as the largest mapping of a task that is told, in every task: mappings of a
   * device keep their one size. Where nobody is told, the page stays mapped.
   */
  @KernelFunction("unmap_and_kill")
  private void unmapAndKill(
      AddressSpace space, long pgoff, List<ToKill> toKill, long pfn, @Nullable Task current) {
    int shift = toKill.stream().mapToInt(kill -> kill.at.shift()).max().orElse(0);
    if (shift > 0) {
      long nrPages = 1L << (shift - PageMath.PAGE_SHIFT);
      space.unmapMappingRange(pgoff & -nrPages, nrPages);
    }
    killProcs(toKill, pfn, current);
  }

  @KernelFunction("kill_procs")
  private void killProcs(List<ToKill> toKill, long pfn, @Nullable Task current) {
    for (ToKill kill : toKill) {
      Task task = kill.task;
      log.say(
          pfn,
          "Sending SIGBUS to %s:%d due to hardware memory corruption",
          task.comm(),
          task.pid());
      int code = task == current ? SigInfo.BUS_MCEERR_AR : SigInfo.BUS_MCEERR_AO;
      task.send(new SigInfo(TaskSignal.SIGBUS, code, kill.at.address(), kill.at.shift()));
    }
  }
}
