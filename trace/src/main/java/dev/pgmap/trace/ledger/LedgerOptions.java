package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.ledger.pairing.FunctionPairs;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * How a ledger is made. Immutable.
 *
 * @param pfns which pages count
 * @param window how far apart the stamps of two cpus may be and still be the reverse of the truth,
 *     in units of the clock; {@link #BY_CLOCK} for what suits the clock
 * @param buffer the buffer (instance) whose events count; null if only one has any
 * @param pairs which functions release what others acquired
 * @param maxIdlePages pages with nothing outstanding that are remembered, at least
 */
public record LedgerOptions(
    LongPredicate pfns,
    long window,
    @Nullable String buffer,
    FunctionPairs pairs,
    int maxIdlePages) {
  /** A window that suits the clock. */
  public static final long BY_CLOCK = -1;

  /** A window for clocks that measure time: a change and its event are rarely further apart. */
  public static final long WINDOW_NANOS = 100_000;

  /** A window for counters of events. */
  private static final long WINDOW_COUNTS = 64;

  /** A window for counters of cycles. */
  private static final long WINDOW_CYCLES = 300_000;

  /** Pages with nothing outstanding that are remembered unless told otherwise. */
  public static final int MAX_IDLE_PAGES = 1 << 20;

  /** All pages, and what suits the clock. */
  public static LedgerOptions standard() {
    return new LedgerOptions(pfn -> true, BY_CLOCK, null, FunctionPairs.standard(), MAX_IDLE_PAGES);
  }

  /** Only some pages. */
  public LedgerOptions withPfns(LongPredicate only) {
    return new LedgerOptions(only, window, buffer, pairs, maxIdlePages);
  }

  /** Another window. */
  public LedgerOptions withWindow(long units) {
    return new LedgerOptions(pfns, units, buffer, pairs, maxIdlePages);
  }

  /** Only the events of one buffer. */
  public LedgerOptions withBuffer(String name) {
    return new LedgerOptions(pfns, window, name, pairs, maxIdlePages);
  }

  /** Another table of functions. */
  public LedgerOptions withPairs(FunctionPairs table) {
    return new LedgerOptions(pfns, window, buffer, table, maxIdlePages);
  }

  /** Another bound for idle pages. */
  public LedgerOptions withMaxIdlePages(int most) {
    return new LedgerOptions(pfns, window, buffer, pairs, most);
  }

  /** The window for a source: 0 if one cpu recorded all, for then the order is that of stamps. */
  long windowFor(TraceClock clock, int nrCpus) {
    if (nrCpus <= 1) {
      return 0;
    }
    if (window != BY_CLOCK) {
      return window;
    }
    if (clock.isTime()) {
      return WINDOW_NANOS;
    }
    return clock.name().equals("x86-tsc") ? WINDOW_CYCLES : WINDOW_COUNTS;
  }
}
