package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.ledger.pairing.StackFamilies;
import dev.pgmap.trace.refs.StackTable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of every page of a recording, as it stands at the end.
 *
 * <p>Made in one pass. For one thread; the source must stay open only until it is made.
 */
public final class PageLedger {
  /** What has a group of its own in a report. */
  public enum Grouping {
    /** The acquirer's functions. */
    STACK,
    /** Functions and task. */
    TASK,
    /** Functions and page. */
    PFN
  }

  private final TraceSource source;
  private final PageStates pages;
  private final LotTable lots = new LotTable();
  private final StackTable stacks = new StackTable();
  private final AnomalyLog anomalies;
  private final StackFamilies families;
  private final LedgerPass pass;

  private PageLedger(TraceSource source, LedgerOptions options, @Nullable LedgerListener listener) {
    this.source = source;
    pages = new PageStates(options.maxIdlePages());
    anomalies = new AnomalyLog(pages);
    families = new StackFamilies(options.pairs(), stacks, source.symbols());
    PageAccounts accounts = new PageAccounts(pages, lots, families, anomalies);
    long window = options.windowFor(source.clock(), source.nrCpus());
    RefSequencer sequencer = new RefSequencer(pages, lots, accounts, stacks, window);
    if (listener != null) {
      listener.begin(stacks);
      sequencer.listen(listener, new PageView(pages, lots));
    }
    pass = new LedgerPass(source, options, pages, sequencer, stacks);
  }

  /**
   * The ledger of a source.
   *
   * @throws TraceException if the source is damaged, has no event that changes a page's count, or
   *     several of its buffers have and the options choose none
   */
  public static PageLedger of(TraceSource source, LedgerOptions options) {
    PageLedger ledger = new PageLedger(source, options, null);
    ledger.pass.run();
    return ledger;
  }

  /**
   * The ledger of a source, with each change told to a listener as it is entered.
   *
   * @throws TraceException as {@link #of(TraceSource, LedgerOptions)}
   */
  public static PageLedger of(TraceSource source, LedgerOptions options, LedgerListener listener) {
    PageLedger ledger = new PageLedger(source, options, listener);
    ledger.pass.run();
    return ledger;
  }

  /** The stacks that {@link Outstanding#stack} numbers. */
  public StackTable stacks() {
    return stacks;
  }

  /** What is outstanding, page by page; memory does not grow with it. */
  public void forEachOutstanding(Consumer<Outstanding> visitor) {
    for (int page = 0; page < pages.size(); page++) {
      if (!pages.isUsed(page) || pages.has(page, PageStates.FROZEN)) {
        continue;
      }
      for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
        visitor.accept(outstanding(page, lot));
      }
    }
  }

  private Outstanding outstanding(int page, int lot) {
    HoldKind kind = lots.kind(lot);
    return new Outstanding(
        pages.pfn(page),
        kind,
        holding(lot),
        (lots.refs(lot) + kind.refs() - 1) / kind.refs(),
        lots.refs(lot),
        lots.pid(lot),
        lots.stack(lot),
        lots.oldest(lot),
        lots.newest(lot),
        certainty(page, lot));
  }

  private Holding holding(int lot) {
    if (lots.isMarked(lot, LotTable.BASE)) {
      return Holding.ENGINE;
    }
    Holding holding = families.holding(lots.stack(lot));
    return holding == Holding.ENGINE ? Holding.USER : holding;
  }

  private Certainty certainty(int page, int lot) {
    if (lots.oldest(lot) <= pass.gapStamp() || pages.has(page, PageStates.INCOMPLETE)) {
      return Certainty.EVENTS_LOST;
    }
    if (lots.isMarked(lot, LotTable.START)) {
      return Certainty.START_UNKNOWN;
    }
    if (lots.isMarked(lot, LotTable.ORDER)) {
      return Certainty.ORDER_AMBIGUOUS;
    }
    return lots.isMarked(lot, LotTable.GUESSED) ? Certainty.PAIRING_GUESSED : Certainty.SURE;
  }

  /** All of it, by stack. */
  public LedgerReport report() {
    return report(Grouping.STACK, 0);
  }

  /**
   * What is outstanding, in groups.
   *
   * @param grouping what has a group of its own, besides the kind and meaning
   * @param minAge only what is held for so long at the end, in units of the clock
   */
  public LedgerReport report(Grouping grouping, long minAge) {
    ReportBuilder builder = new ReportBuilder(source, stacks, grouping);
    long latest = pass.last() - minAge;
    forEachOutstanding(one -> {
      if (minAge == 0 || one.oldest() <= latest) {
        builder.add(one);
      }
    });
    PfnList before = new PfnList();
    PageView view = new PageView(pages, lots);
    long nrPages = pages.forgotten();
    long heldBefore = 0;
    for (int page = 0; page < pages.size(); page++) {
      if (pages.isUsed(page)) {
        nrPages++;
        int held = view.at(page).heldFromBefore();
        heldBefore += held;
        if (held > 0) {
          before.add(pages.pfn(page));
        }
      }
    }
    return new LedgerReport(
        pass.summary(nrPages),
        builder.groups(),
        before.ranges(),
        heldBefore,
        anomalies.all(stacks, source.symbols(), source.comms()),
        pass.waits().all(source.comms()));
  }
}
