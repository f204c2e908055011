package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.mm.VmFault;
import dev.pgmap.core.pgtable.PageTables;
import dev.pgmap.core.pgtable.Pte;
import java.util.List;

/** {@code madvise}; the caller holds the mmap lock, as the methods say. Stateless. */
final class Madvise {
  private static final int HUGE_FLAGS = VmFlag.HUGEPAGE | VmFlag.NOHUGEPAGE;

  private Madvise() {}

  /** Advice that changes the areas; the mmap lock is held as a writer. */
  static void changeAreas(AreaRange range, MemoryAdvice advice) {
    range.requireMapped();
    for (Vma vma : range.isolate()) {
      range.mm().replace(vma, List.of(vma.withFlags(flags(vma.flags(), advice))));
    }
  }

  private static int flags(int flags, MemoryAdvice advice) {
    return switch (advice) {
      case HUGEPAGE -> flags & ~HUGE_FLAGS | VmFlag.HUGEPAGE;
      case NOHUGEPAGE -> flags & ~HUGE_FLAGS | VmFlag.NOHUGEPAGE;
      case DONTFORK -> flags | VmFlag.DONTCOPY;
      case DOFORK -> flags & ~VmFlag.DONTCOPY;
      case DONTNEED, FREE, POPULATE_READ, POPULATE_WRITE -> flags;
    };
  }

  /** {@code MADV_DONTNEED}; the mmap lock is held as a reader. */
  static void dontNeed(AreaRange range) {
    range.requireMapped();
    forEachPart(
        range,
        (vma, from, to) -> {
          if (vma.has(VmFlag.LOCKED | VmFlag.PFNMAP | VmFlag.HUGETLB)) {
            throw refused(
                vma, "locked memory, hugetlb pages or a mapping of frames", "MADV_DONTNEED");
          }
          vma.zapPart(from, to);
        });
  }

  /** {@code MADV_FREE}: the pages are clean and unused until someone touches them. */
  static void free(AreaRange range) {
    range.requireMapped();
    forEachPart(
        range,
        (vma, from, to) -> {
          if (!vma.isAnonymous() || vma.has(VmFlag.LOCKED | VmFlag.HUGETLB)) {
            throw refused(vma, "no private anonymous memory, or locked", "MADV_FREE");
          }
          TlbGather.splitAcross(vma, from);
          TlbGather.splitAcross(vma, to);
          vma.mm()
              .notifiers()
              .around(
                  new MmuNotifiers.Range(from, to, MmuNotifiers.Event.CLEAR, null),
                  () -> makeClean(vma, from, to));
        });
  }

  private static void makeClean(Vma vma, long from, long to) {
    PageTables tables = vma.mm().tables();
    LeafList leaves = LeafList.of(vma, from, to);
    for (int i = 0; i < leaves.size(); i++) {
      tables.lock();
      try {
        long entry = tables.entryAt(leaves.address(i), leaves.level(i));
        if (Pte.isPresent(entry)) {
          long clean = entry & ~(Pte.ACCESSED | Pte.DIRTY);
          tables.replaceLeaf(leaves.address(i), leaves.level(i), entry, clean);
        }
      } finally {
        tables.unlock();
      }
    }
  }

  private interface Part {
    void part(Vma vma, long from, long to);
  }

  private static void forEachPart(AreaRange range, Part action) {
    for (Vma vma : range.mm().areas().overlapping(range.start(), range.end())) {
      action.part(vma, Math.max(range.start(), vma.start()), Math.min(range.end(), vma.end()));
    }
  }

  /** {@code MADV_POPULATE_*} and MAP_POPULATE; the mmap lock is held as a reader. */
  static void populate(AreaRange range, boolean write) {
    range.requireMapped();
    Mm mm = range.mm();
    for (long at = range.start(); at < range.end(); at += mm.pageBytes()) {
      int code = mm.handleFaultLocked(at, write);
      if ((code & VmFault.OOM) != 0) {
        throw new MmException(Errno.ENOMEM, "%s: populate at 0x%x".formatted(mm, at));
      }
      if ((code & VmFault.ERROR) != 0) {
        throw new MmException(
            Errno.EFAULT,
            "%s: populate at 0x%x".formatted(mm, at),
            "a fault that failed with VM_FAULT 0x%x".formatted(code),
            "memory that can be " + (write ? "written" : "read"),
            "");
      }
    }
  }

  private static MmException refused(Vma vma, String found, String call) {
    return new MmException(
        Errno.EINVAL, "%s of [%s]".formatted(call, vma), found, "memory that it is for", "");
  }
}
