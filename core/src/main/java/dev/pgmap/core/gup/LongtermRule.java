package dev.pgmap.core.gup;

/** How a kernel keeps longterm pins away from the pages of DAX files, whose blocks may move. */
public enum LongtermRule {
  /** 5.4 and 5.10: everything is taken first; then one page in a DAX file drops them all. */
  VMA_AFTER_PINNING,

  /** 5.15 on: the slow call refuses a mapping of a DAX file before it takes anything. */
  VMA,

  /**
   * As {@link #VMA}; and what sends the fast call to the slow one is not a bit of the page-table
   * entry but a flag of the pgmap, set by the driver that made it (proposed in 2021).
   */
  PGMAP_FLAG,

  /**
   * 6.15 on: as {@link #VMA}; and the fast call takes the page and gives it back if its folio is of
   * a type that must not be pinned for long.
   */
  FOLIO_TYPE
}
