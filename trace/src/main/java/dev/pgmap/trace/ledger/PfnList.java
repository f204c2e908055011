package dev.pgmap.trace.ledger;

import java.util.Arrays;

/** Collects page frame numbers. For one thread. */
public final class PfnList {
  private long[] pfns = new long[4];
  private int size;

  /** Adds one, which may be there already. */
  public void add(long pfn) {
    if (size > 0 && pfns[size - 1] == pfn) {
      return;
    }
    if (size == pfns.length) {
      compact();
    }
    pfns[size++] = pfn;
  }

  /** Makes room: drops repetitions, and grows if that is not enough. */
  private void compact() {
    Arrays.sort(pfns, 0, size);
    int kept = 1;
    for (int i = 1; i < size; i++) {
      if (pfns[i] != pfns[kept - 1]) {
        pfns[kept++] = pfns[i];
      }
    }
    size = kept;
    if (size > pfns.length / 2) {
      pfns = Arrays.copyOf(pfns, pfns.length * 2);
    }
  }

  /** All of them. */
  public PfnRanges ranges() {
    return PfnRanges.of(pfns, size);
  }
}
