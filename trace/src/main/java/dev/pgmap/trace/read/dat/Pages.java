package dev.pgmap.trace.read.dat;

import java.lang.foreign.MemorySegment;

/** The ring pages of one cpu, one after another. For one thread. */
interface Pages {
  /**
   * Moves to the next page.
   *
   * @return false at the end
   * @throws dev.pgmap.trace.event.TraceException if there is none though there should be one
   */
  boolean next();

  /** Where the page is; good until the next move. */
  MemorySegment memory();

  /** Where the page begins in the memory. */
  long offset();

  /** Bytes of the page that are there. */
  int bytes();

  /** Where the page begins in what {@link #source} names. */
  long place();

  /** What errors call the thing that the pages are in. */
  String source();
}
