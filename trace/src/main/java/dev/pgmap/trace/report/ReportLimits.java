package dev.pgmap.trace.report;

/**
 * How much a report shows at most, so that a page of a million events can still be opened.
 *
 * @param pages pages with a timeline: those of which something is outstanding, then the busiest
 * @param points changes on each timeline; minima and maxima stay
 * @param tasks tasks with a lane, the busiest
 * @param marks events on each lane, of page references and of others each
 * @param groups groups of outstanding references, and of anomalies
 * @param ranges ranges of pfns in each group
 * @param kinds kinds of events, the most frequent
 */
public record ReportLimits(
    int pages, int points, int tasks, int marks, int groups, int ranges, int kinds) {
  /** What a browser draws at once: a page of some megabytes. */
  public static final ReportLimits STANDARD = new ReportLimits(32, 1500, 24, 1200, 40, 64, 60);

  /** Limits, each at least 1, points and marks at least 8. */
  public ReportLimits {
    if (Math.min(Math.min(pages, tasks), Math.min(groups, Math.min(ranges, kinds))) < 1
        || Math.min(points, marks) < 8) {
      throw new IllegalArgumentException("limits too small for a report");
    }
  }
}
