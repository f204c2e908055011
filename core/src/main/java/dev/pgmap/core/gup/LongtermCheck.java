package dev.pgmap.core.gup;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;

/**
 * Which folios must not be pinned for long, and what the slow call does about those of
 * device-coherent memory: they are moved to RAM, and the call starts anew. The caller holds the
 * mmap lock for reading.
 */
final class LongtermCheck {
  private static final int COHERENT = MemoryType.COHERENT.ordinal() + 1;
  private static final int FS_DAX = MemoryType.FS_DAX.ordinal() + 1;

  private final StructPages pages;
  private final PageRefs refs;
  private final Unpin unpin;
  private final VmStat vmstat;
  private final CoherentMigration migration;

  LongtermCheck(
      StructPages pages, PageRefs refs, Unpin unpin, VmStat vmstat, CoherentMigration migration) {
    this.pages = pages;
    this.refs = refs;
    this.unpin = unpin;
    this.vmstat = vmstat;
    this.migration = migration;
  }

  /**
   * Whether the fast call may keep a longterm pin of this folio ({@code
   * folio_is_longterm_pinnable}).
   */
  static boolean keepsFast(StructPages pages, long headRec, LongtermRule rule) {
    if (!pages.isZoneDevice(headRec)) {
      return true;
    }
    int type = pages.deviceType(headRec);
    return switch (rule) {
      case FOLIO_TYPE -> type != COHERENT && type != FS_DAX;
      case PGMAP_FLAG -> type != COHERENT && !pages.refusesFastLongterm(headRec);
      case VMA, VMA_AFTER_PINNING -> type != COHERENT;
    };
  }

  /**
   * Looks at pages that were pinned for long.
   *
   * @return whether all of them were let go and have to be taken anew
   * @throws MmException EOPNOTSUPP for pages of a DAX file, EBUSY for one that cannot be moved;
   *     none is pinned then
   */
  @KernelFunction("check_and_migrate_movable_pages")
  boolean mustRetry(long[] pfns, int offset, int nrPages) {
    for (int i = offset; i < offset + nrPages; i++) {
      if (isCoherent(pfns[i])) {
        migrate(pfns, offset, nrPages);
        return true;
      }
    }
    return false;
  }

  private void migrate(long[] pfns, int offset, int nrPages) {
    long[] heads = new long[nrPages];
    int nrHeads = 0;
    for (int i = offset; i < offset + nrPages; i++) {
      long head = pages.headPfn(pfns[i]);
      if (isCoherent(head) && (nrHeads == 0 || heads[nrHeads - 1] != head)) {
        refs.mod(head, pages.record(head), 1);
        heads[nrHeads++] = head;
      }
    }
    drop(pfns, offset, nrPages);
    boolean moved = true;
    for (int i = 0; i < nrHeads; i++) {
      moved &= migration.toRam(heads[i]);
    }
    if (!moved) {
      throw new MmException(
          Errno.EBUSY,
          "gup: longterm pin",
          "a page of device-coherent memory that somebody else holds",
          "pages that can be moved to RAM",
          "try again when they are let go");
    }
  }

  private boolean isCoherent(long pfn) {
    long rec = pages.record(pages.headPfn(pfn));
    return pages.isZoneDevice(rec) && pages.deviceType(rec) == COHERENT;
  }

  private void drop(long[] pfns, int offset, int nrPages) {
    vmstat.acquired(nrPages);
    unpin.pages(pfns, offset, nrPages, false);
  }
}
