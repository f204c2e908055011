package dev.pgmap.shell.zdtool;

import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.page.StructPages;
import java.util.BitSet;

/** Which neighbours in a list of pages are neighbours in one folio. Immutable. */
final class FolioRuns {
  private final long[] pfns;
  private final long[] heads;
  private final int[] orders;
  private final int[] starts;

  private FolioRuns(long[] pfns, long[] heads, int[] orders, int[] starts) {
    this.pfns = pfns;
    this.heads = heads;
    this.orders = orders;
    this.starts = starts;
  }

  /** The runs of pages that the caller holds. */
  static FolioRuns of(Machine machine, long[] pfns) {
    StructPages pages = machine.structPages();
    long[] heads = new long[pfns.length];
    int[] orders = new int[pfns.length];
    BitSet starts = new BitSet();
    int token = machine.sync().rcu().readLock();
    try {
      for (int i = 0; i < pfns.length; i++) {
        heads[i] = pages.headPfn(pfns[i]);
        orders[i] = pages.order(heads[i]);
        starts.set(i, i == 0 || heads[i] != heads[i - 1] || pfns[i] != pfns[i - 1] + 1);
      }
    } finally {
      machine.sync().rcu().readUnlock(token);
    }
    return new FolioRuns(pfns, heads, orders, starts.stream().toArray());
  }

  int count() {
    return starts.length;
  }

  /** The index in the list at which a run begins. */
  int start(int run) {
    return starts[run];
  }

  int length(int run) {
    return (run + 1 < starts.length ? starts[run + 1] : pfns.length) - starts[run];
  }

  /**
   * {@code io_check_coalesce_buffer}: large folios of one size, whole but for what is missing at
   * the very beginning and end.
   */
  boolean canBeCoalesced() {
    if (pfns.length < 2 || orders[0] == 0) {
      return false;
    }
    for (int run = 1; run < starts.length; run++) {
      int at = starts[run];
      boolean before = pfns[at - 1] == heads[at - 1] + (1L << orders[at - 1]) - 1;
      if (!before || pfns[at] != heads[at] || orders[at] != orders[0]) {
        return false;
      }
    }
    return true;
  }
}
