package dev.pgmap.core.fsdax;

/** What a base page does when several files share it. */
enum PageSharing {
  /** It cannot be shared. */
  NONE,

  /**
   * It has the mark for mapping and a count for index. The count is compared, then dropped: the
   * last file finds one left, and leaves a page that says that it is shared.
   */
  LEAVES_MARK {
    @Override
    boolean isStillShared(long countBefore) {
      return countBefore > 0;
    }
  },

  /** It has the mark for mapping and a count in the place of index, dropped and then compared. */
  COUNTED {
    @Override
    boolean isStillShared(long countBefore) {
      return countBefore - 1 > 0;
    }
  };

  /** {@code PAGE_MAPPING_DAX_COW} and {@code PAGE_MAPPING_DAX_SHARED}: no file has this number. */
  static final long MARK = 1;

  /** Whether other files are left when one of {@code countBefore} lets go. */
  boolean isStillShared(long countBefore) {
    return false;
  }
}
