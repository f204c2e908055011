package dev.pgmap.core.gup;

/** How a kernel's gup-fast takes the pages behind a huge leaf of device memory. */
public enum LeafWalk {
  /** Up to 6.1: base page by base page, with a pgmap lookup for each; one addition to its folio. */
  PER_PAGE_ADD,

  /** 6.12: base page by base page, with a pgmap lookup for each; a get that fails on zero. */
  PER_PAGE_TRY,

  /** 6.17 on: the whole leaf at once, as any folio. */
  WHOLE_LEAF
}
