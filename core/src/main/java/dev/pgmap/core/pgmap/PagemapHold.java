package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;

/**
 * Who holds {@code pgmap->ref} for the pages of a pgmap, and so what teardown waits for.
 *
 * <p>Stateless values; one per family of kernels.
 */
public enum PagemapHold {
  /**
   * 5.3 to 5.17: each folio's base reference holds the pgmap. Teardown drops the base references
   * one by one, and the final put of a folio, whoever makes it, drops the pgmap's. A page that is
   * still held keeps teardown waiting.
   */
  EACH_BASE_REFERENCE {
    @Override
    void release(DevPagemap pgmap, TeardownSteps steps) {
      steps.dropBaseReferences(pgmap);
    }
  },

  /**
   * 5.18 to 6.0: taken in bulk when the memory comes online, dropped in bulk at teardown, without a
   * look at the pages. A page that is still held is not waited for.
   */
  BULK,

  /**
   * 6.1 on: as {@link #BULK}, but of memory that a device owns (PRIVATE, COHERENT) each allocated
   * page holds the pgmap, from its allocation to its final put; teardown waits for those.
   */
  BULK_OR_ALLOCATION {
    @Override
    public boolean isPerAllocation(MemoryType type) {
      return type == MemoryType.PRIVATE || type == MemoryType.COHERENT;
    }
  };

  /** The two ways to let go of the references that {@code pagemap_range} took. */
  interface TeardownSteps {
    /** {@code put_page} on every folio that the pgmap still has its base reference on. */
    void dropBaseReferences(DevPagemap pgmap);

    /** {@code percpu_ref_put_many(pfn_len)} for every range. */
    void putFolioReferences(DevPagemap pgmap);
  }

  /** Lets go of what was taken when the memory came online. */
  void release(DevPagemap pgmap, TeardownSteps steps) {
    if (!isPerAllocation(pgmap.spec().type())) {
      steps.putFolioReferences(pgmap);
    }
  }

  /** Whether each allocated page of this type holds its pgmap, and free ones do not. */
  public boolean isPerAllocation(MemoryType type) {
    return false;
  }

  /** Whether the final put of a folio drops a reference of its pgmap. */
  boolean finalPutDropsPagemap() {
    return this == EACH_BASE_REFERENCE;
  }
}
