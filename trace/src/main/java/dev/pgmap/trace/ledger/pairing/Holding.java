package dev.pgmap.trace.ledger.pairing;

/** What an outstanding reference means. */
public enum Holding {
  /** Somebody holds the page; if it is never released, it leaked. */
  USER,
  /** A page table entry refers to the page. */
  MAPPING,
  /** A page cache refers to the page. */
  CACHE,
  /** The owner of the memory keeps its pages in use: the base reference of 1-based pages. */
  ENGINE
}
