package dev.pgmap.api.pgmap;

/**
 * A live {@code struct dev_pagemap} as its ops see it.
 *
 * <p>Thread-safe. Only the engine makes these.
 */
public interface Pagemap {
  /** The number by which struct pages name this pgmap. */
  int index();

  /** What it was made from; the shift is the one that the era granted. */
  PagemapSpec spec();

  /** The reference that keeps the pgmap alive. */
  PagemapRef ref();
}
