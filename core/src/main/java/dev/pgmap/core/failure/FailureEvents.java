package dev.pgmap.core.failure;

import dev.pgmap.api.trace.Tracepoint;

/**
 * The trace event of a memory failure.
 *
 * <p>The method does nothing: a recorder weaves itself in. Stateless.
 */
final class FailureEvents {
  private FailureEvents() {}

  /**
   * The handling of a failure is over. Kernels before 6.19 have this event in the system {@code
   * ras}; the numbers of page types are those of 7.2.
   */
  @Tracepoint(
      system = "memory_failure",
      event = "memory_failure_event",
      fields = {"unsigned long pfn", "int type", "int result"},
      print =
          "\"pfn %#lx: recovery action for %s: %s\", REC->pfn, __print_symbolic(REC->type,"
              + " { 0, \"reserved kernel page\" }, { 1, \"high-order kernel page\" },"
              + " { 3, \"huge page\" }, { 4, \"free huge page\" }, { 5, \"get hwpoison page\" },"
              + " { 6, \"unmapping failed page\" }, { 7, \"dirty swapcache page\" },"
              + " { 8, \"clean swapcache page\" }, { 9, \"dirty mlocked LRU page\" },"
              + " { 10, \"clean mlocked LRU page\" }, { 11, \"dirty unevictable LRU page\" },"
              + " { 12, \"clean unevictable LRU page\" }, { 13, \"dirty LRU page\" },"
              + " { 14, \"clean LRU page\" }, { 15, \"already truncated LRU page\" },"
              + " { 16, \"free buddy page\" }, { 17, \"dax page\" }, { 18, \"unsplit thp\" },"
              + " { 19, \"already poisoned\" }, { 20, \"non struct page pfn\" },"
              + " { 21, \"unknown page\" }), __print_symbolic(REC->result, { 0, \"Ignored\" },"
              + " { 1, \"Failed\" }, { 2, \"Delayed\" }, { 3, \"Recovered\" })")
  static void memoryFailureEvent(long pfn, int type, int result) {}
}
