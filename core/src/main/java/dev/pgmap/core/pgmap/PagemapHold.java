package dev.pgmap.core.pgmap;

import dev.pgmap.api.pgmap.MemoryType;

/**
 * Who holds {@code pgmap->ref} for the pages of a pgmap, and so what teardown waits for.
 *
 * <p>Stateless values; the first three are those of kernels, the last two were proposed in 2022 so
 * that no pgmap goes away while one of its pages is in use.
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
    public boolean isInBulk(MemoryType type) {
      return refsOfFolio(type, 0) == 0;
    }

    @Override
    public long refsOfFolio(MemoryType type, int order) {
      return type == MemoryType.PRIVATE || type == MemoryType.COHERENT ? 1L << order : 0;
    }
  },

  /**
   * Each folio holds the pgmap while it has users: taken by whoever brings the users from none to
   * one, dropped by whoever brings them back. Teardown looks at one counter, at the price of code
   * in every get and put.
   */
  TRANSITIONS {
    @Override
    public boolean isInBulk(MemoryType type) {
      return false;
    }

    @Override
    public long refsOfFolio(MemoryType type, int order) {
      return 1;
    }
  },

  /**
   * No page holds the pgmap; teardown goes once over all pages, and waits for each that is in use.
   * Gets and puts pay nothing.
   */
  SWEEP {
    @Override
    public boolean isInBulk(MemoryType type) {
      return false;
    }

    @Override
    void release(DevPagemap pgmap, TeardownSteps steps) {
      steps.awaitPages(pgmap);
    }
  };

  /** The ways to let go of the references that {@code pagemap_range} took. */
  interface TeardownSteps {
    /** {@code put_page} on every folio that the pgmap still has its base reference on. */
    void dropBaseReferences(DevPagemap pgmap);

    /** {@code percpu_ref_put_many(pfn_len)} for every range. */
    void putFolioReferences(DevPagemap pgmap);

    /** Waits, page by page, until none has a user; blocks. */
    void awaitPages(DevPagemap pgmap);
  }

  /** Lets go of what was taken when the memory came online. */
  void release(DevPagemap pgmap, TeardownSteps steps) {
    if (isInBulk(pgmap.spec().type())) {
      steps.putFolioReferences(pgmap);
    }
  }

  /** Whether one reference for each folio is taken when memory of this type comes online. */
  public boolean isInBulk(MemoryType type) {
    return true;
  }

  /** How many references a folio of this type holds while it has users, and only then. */
  public long refsOfFolio(MemoryType type, int order) {
    return 0;
  }

  /** Whether the final put of a folio drops a reference of its pgmap. */
  boolean finalPutDropsPagemap() {
    return this == EACH_BASE_REFERENCE;
  }
}
