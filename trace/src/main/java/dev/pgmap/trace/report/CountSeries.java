package dev.pgmap.trace.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A page's count over time, thinned as it grows: of each four points in a row the lowest and the
 * highest stay, and the first and the last of all. For one thread.
 */
final class CountSeries {
  private static final int GROUP = 4;

  private final int most;
  private List<Point> points = new ArrayList<>();
  private long added;

  /** A series that shows at most so many points, at least 8. */
  CountSeries(int most) {
    this.most = most;
  }

  void add(Point point) {
    added++;
    points.add(point);
    if (points.size() > 2 * most) {
      points = thinned(points);
    }
  }

  /** How many points were added. */
  long added() {
    return added;
  }

  /** The points, in the order of their adding, at most as many as were allowed. */
  List<Point> points() {
    List<Point> shown = points;
    while (shown.size() > most) {
      shown = thinned(shown);
    }
    return List.copyOf(shown);
  }

  private static List<Point> thinned(List<Point> all) {
    List<Point> kept = new ArrayList<>();
    int last = all.size() - 1;
    kept.add(all.getFirst());
    for (int from = 1; from < last; from += GROUP) {
      keepExtremes(all.subList(from, Math.min(from + GROUP, last)), kept);
    }
    kept.add(all.get(last));
    return kept;
  }

  private static void keepExtremes(List<Point> group, List<Point> kept) {
    int low = 0;
    int high = 0;
    for (int i = 1; i < group.size(); i++) {
      low = group.get(i).count() < group.get(low).count() ? i : low;
      high = group.get(i).count() > group.get(high).count() ? i : high;
    }
    kept.add(group.get(Math.min(low, high)));
    if (low != high) {
      kept.add(group.get(Math.max(low, high)));
    }
  }
}
