package dev.pgmap.core.gup;

import dev.pgmap.core.mm.OrdinaryMemory;
import dev.pgmap.core.mm.Rmap;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgtable.Pte;

/**
 * {@code gup_must_unshare}: a pin must be of a page that stays what the area maps. A write fault
 * sees to that for entries that allow writes; where an anonymous page is pinned through an entry
 * that does not, it has to belong to that area alone. Stateless; allocates nothing.
 */
final class Unshare {
  private final StructPages pages;
  private final boolean marksExclusive;

  Unshare(StructPages pages, OrdinaryMemory ordinary) {
    this.pages = pages;
    this.marksExclusive = ordinary.policies().cow().marksExclusive();
  }

  /** Whether a page that is taken through this entry has to be looked at. */
  boolean concerns(long entry, int flags) {
    return marksExclusive && (flags & FollFlag.PIN) != 0 && !Pte.isWritable(entry);
  }

  /**
   * Whether the page must first become the area's own.
   *
   * @param pfn the page; the head of what a huge entry maps
   */
  boolean isNeeded(long entry, long pfn, int flags) {
    return concerns(entry, flags) && Rmap.isAnonymous(pages, pfn) && !Rmap.isExclusive(pages, pfn);
  }
}
