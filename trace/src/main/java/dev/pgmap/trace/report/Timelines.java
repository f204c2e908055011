package dev.pgmap.trace.report;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.refs.StackTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counts of some pages over time, in the order that the ledger found.
 *
 * @param byPfn the pages in their order
 * @param stacks what the points' stacks are numbers of
 */
record Timelines(Map<Long, CountSeries> byPfn, StackTable stacks) {

  /** The timelines of some pages, each with at most so many points, from one pass. */
  static Timelines of(
      TraceSource source, LedgerOptions options, Collection<Long> pfns, int points) {
    Map<Long, CountSeries> byPfn = new LinkedHashMap<>();
    pfns.forEach(pfn -> byPfn.put(pfn, new CountSeries(points)));
    PageLedger ledger =
        PageLedger.of(
            source,
            options.withPfns(byPfn::containsKey),
            (change, effects, page) -> {
              CountSeries series = byPfn.get(change.pfn());
              if (series != null) {
                series.add(Point.of(change, page));
              }
            });
    return new Timelines(byPfn, ledger.stacks());
  }

  /** The stack of a point by its names; it has no functions if there is none. */
  StackText stackOf(Point point, Symbols symbols) {
    return new StackText(stacks.names(point.stack(), symbols), stacks.isHint(point.stack()));
  }
}
