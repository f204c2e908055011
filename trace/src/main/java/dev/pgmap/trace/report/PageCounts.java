package dev.pgmap.trace.report;

import dev.pgmap.trace.ledger.Change;
import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.LedgerListener;
import dev.pgmap.trace.ledger.PageView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the changes of each page, of the first {@value #MAX_PAGES} that are seen: those that come
 * later cannot be among the busiest.
 */
final class PageCounts implements LedgerListener {
  private static final int MAX_PAGES = 1 << 20;

  private final Map<Long, int[]> changes = new HashMap<>();

  @Override
  public void entered(Change change, List<Effect> effects, PageView page) {
    int[] count = changes.get(change.pfn());
    if (count == null && changes.size() < MAX_PAGES) {
      count = new int[1];
      changes.put(change.pfn(), count);
    }
    if (count != null) {
      count[0]++;
    }
  }

  /** The pages with the most changes, the busiest first. */
  List<Long> busiest(int most) {
    return changes.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<Long, int[]> entry) -> -entry.getValue()[0])
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }
}
