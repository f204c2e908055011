package dev.pgmap.trace.diff;

import dev.pgmap.trace.ledger.PfnRanges;
import java.util.List;

/**
 * Pages with equal sequences, in both recordings.
 *
 * @param steps what happened to each of them
 * @param a those of the first recording
 * @param b those of the second
 */
public record PageClass(List<Step> steps, PfnRanges a, PfnRanges b) {
  /** A class. */
  public PageClass {
    steps = List.copyOf(steps);
  }

  /** How many pages more the first recording has; negative if the second has more. */
  public long surplus() {
    return a.nrPages() - b.nrPages();
  }
}
