package dev.pgmap.trace.report;

import dev.pgmap.trace.ledger.LedgerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in sentences what the limits left out of a report. */
final class LeftOut {
  private final ReportLimits limits;
  private final List<String> sentences = new ArrayList<>();

  LeftOut(ReportLimits limits) {
    this.limits = limits;
  }

  /** The sentences; empty if all is shown. */
  List<String> sentences() {
    return List.copyOf(sentences);
  }

  LeftOut kinds(int all) {
    return limited(all, limits.kinds(), "Kinds of events", "the most frequent");
  }

  LeftOut tasks(int all) {
    return limited(all, limits.tasks(), "Tasks", "the busiest");
  }

  LeftOut groups(LedgerReport report) {
    limited(report.groups().size(), limits.groups(), "Groups of references", "the largest");
    limited(report.anomalies().size(), limits.groups(), "Anomalies", "errors first");
    long cut =
        report.groups().stream()
            .limit(limits.groups())
            .filter(group -> group.pfns().size() > limits.ranges())
            .count();
    if (cut > 0) {
      add("Groups that list only their first %,d ranges of pfns: %,d.", limits.ranges(), cut);
    }
    return this;
  }

  LeftOut pages(Timelines timelines, long all) {
    int shown = timelines.byPfn().size();
    if (shown < all) {
      add("Pages with a timeline: %,d of %,d, those with findings, then the busiest.", shown, all);
    }
    long thinned =
        timelines.byPfn().values().stream().filter(own -> own.added() > limits.points()).count();
    if (thinned > 0) {
      add(
          "Timelines thinned to %,d changes, minima and maxima of the count kept: %,d.",
          limits.points(), thinned);
    }
    return this;
  }

  LeftOut lanes(List<Lane> lanes) {
    long thinned =
        lanes.stream().filter(lane -> isThinned(lane.refs()) || isThinned(lane.others())).count();
    if (thinned > 0) {
      add(
          "Lanes thinned evenly to %,d changes of counts and as many other events: %,d.",
          limits.marks(), thinned);
    }
    return this;
  }

  private static boolean isThinned(Marks marks) {
    return marks.added() > marks.kept().size();
  }

  private LeftOut limited(int all, int most, String what, String which) {
    if (all > most) {
      add("%s shown: %,d of %,d, %s.", what, most, all, which);
    }
    return this;
  }

  private void add(String format, Object... arguments) {
    sentences.add(String.format(Locale.ROOT, format, arguments));
  }
}
