package dev.pgmap.core.mm;

/**
 * When a write to a page of private memory may keep the page, and what fork does about pins: the
 * question of copy on write that kernels have answered three times.
 */
public enum CowRule {
  /**
   * Up to 5.8 ({@code reuse_swap_page}): the page is kept if this is its only mapping. A fork
   * shares pinned pages, so that a write of the parent can part it from the device that it pinned
   * for.
   */
  MAP_COUNT,

  /**
   * 5.9 to 5.18: the page is kept if nobody else holds any reference. A fork copies pinned pages at
   * once. A pin of a page that is write-protected is still parted from it by the next write.
   */
  PAGE_COUNT,

  /**
   * 5.19 on: the page is kept if it is marked as belonging to this mapping alone ({@code
   * PG_anon_exclusive}). A fork takes the mark away or, from a pinned page, copies; a pin asks for
   * the mark first, and for a copy if the page has none ({@code FAULT_FLAG_UNSHARE}).
   */
  ANON_EXCLUSIVE;

  /** Whether a fork gives the child a copy of its own of a page that may be pinned. */
  boolean copiesPinned() {
    return this != MAP_COUNT;
  }

  /** Whether pages carry the mark of exclusiveness. */
  public boolean marksExclusive() {
    return this == ANON_EXCLUSIVE;
  }
}
