package dev.pgmap.trace.report;

import dev.pgmap.trace.ledger.Anomaly;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.PfnRanges;
import dev.pgmap.trace.ledger.pairing.Holding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Chooses the pages that get a timeline. */
final class PageChoice {
  private PageChoice() {}

  /**
   * Of each group that users hold and of each anomaly a page in turn, until half of the places are
   * taken; then the busiest pages.
   *
   * @param busiest the busiest pages, at least {@code most} if there are so many
   */
  static List<Long> of(LedgerReport report, List<Long> busiest, int most) {
    Set<Long> chosen = new LinkedHashSet<>();
    List<PfnRanges> found = new ArrayList<>();
    report.of(Holding.USER).stream().map(OutstandingGroup::pfns).forEach(found::add);
    report.anomalies().stream().map(Anomaly::pfns).forEach(found::add);
    int half = (most + 1) / 2;
    for (int nth = 0; nth < half && chosen.size() < half; nth++) {
      for (PfnRanges pfns : found) {
        if (nth < pfns.nrPages() && chosen.size() < half) {
          chosen.add(pfn(pfns, nth));
        }
      }
    }
    busiest.stream().takeWhile(pfn -> chosen.size() < most).forEach(chosen::add);
    return List.copyOf(chosen);
  }

  private static long pfn(PfnRanges pfns, int nth) {
    long left = nth;
    for (int i = 0; i < pfns.size(); i++) {
      long nrPages = pfns.lasts().get(i) - pfns.firsts().get(i) + 1;
      if (left < nrPages) {
        return pfns.firsts().get(i) + left;
      }
      left -= nrPages;
    }
    throw new IllegalArgumentException("page %d of %d".formatted(nth, pfns.nrPages()));
  }
}
