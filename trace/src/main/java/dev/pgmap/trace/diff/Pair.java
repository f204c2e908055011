package dev.pgmap.trace.diff;

/**
 * What is counted in both recordings.
 *
 * @param what it
 * @param a how often in the first
 * @param b how often in the second
 */
public record Pair(String what, Amount a, Amount b) {
  /**
   * How often, and how much in all.
   *
   * @param times events, or groups
   * @param refs references, pins or pages; 0 where only events count
   */
  public record Amount(long times, long refs) {
    /** Nothing. */
    public static final Amount NONE = new Amount(0, 0);

    Amount plus(long moreTimes, long moreRefs) {
      return new Amount(times + moreTimes, refs + moreRefs);
    }
  }

  /** Whether there is a difference. */
  public boolean differs() {
    return !a.equals(b);
  }
}
