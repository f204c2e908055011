package dev.pgmap.trace.report;

/**
 * An event on a task's lane.
 *
 * @param stamp when, in units of the clock
 * @param label what it is called: the number of a text in the report
 * @param pfn the page whose count it changed; -1 if none
 * @param val by how much, or the value set or expected
 */
record Mark(long stamp, int label, long pfn, int val) {
  /** No page. */
  static final long NO_PFN = -1;
}
