package dev.pgmap.trace.diff;

/** One of the two recordings. */
public enum Side {
  /** The first. */
  A,
  /** The second. */
  B
}
