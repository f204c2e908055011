package dev.pgmap.core.page;

/**
 * Counts the struct-page cache lines that a kernel would read and write for what the engine does.
 *
 * <p>This is the input of the cost model. gup without a meter makes one test for null per batch of
 * pages. Thread-safe.
 */
public interface LineMeter {
  /**
   * A kernel would now touch struct pages.
   *
   * @param pfn one of the pages, which says in which medium their struct pages live
   * @param linesRead cache lines read, without those that are written too
   * @param linesWritten cache lines written
   */
  void touched(long pfn, long linesRead, long linesWritten);
}
