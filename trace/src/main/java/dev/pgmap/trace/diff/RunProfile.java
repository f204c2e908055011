package dev.pgmap.trace.diff;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.Anomaly;
import dev.pgmap.trace.ledger.LedgerOptions;
import dev.pgmap.trace.ledger.LedgerReport;
import dev.pgmap.trace.ledger.OutstandingGroup;
import dev.pgmap.trace.ledger.PageLedger;
import dev.pgmap.trace.ledger.Wait;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.refs.CallTracker;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What one recording did, by names that mean the same in another one. For one thread. */
final class RunProfile {
  private final TraceSource source;
  private final PageSequences sequences;
  private final LedgerReport report;
  private final Tally events = new Tally();
  private final Tally calls = new Tally();

  private static final class Count {
    long times;
  }

  /**
   * Goes through a source twice.
   *
   * @throws dev.pgmap.trace.event.TraceException as {@link PageLedger#of}
   */
  RunProfile(TraceSource source, LedgerOptions options, SequenceTree tree) {
    this.source = source;
    countEvents();
    sequences = new PageSequences(tree, source.symbols());
    report = PageLedger.of(source, options, sequences).report();
  }

  private void countEvents() {
    Map<EventFormat, Count> counts = new IdentityHashMap<>();
    CallTracker tracker = new CallTracker(source.symbols(), new StackTable());
    Map<Long, Count> functions = new HashMap<>();
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        TraceEvent event = cursor.event();
        counts.computeIfAbsent(event.format(), unused -> new Count()).times++;
        if (CallTracker.isCall(event.format())) {
          functions.computeIfAbsent(tracker.note(event), unused -> new Count()).times++;
        }
      }
    }
    counts.forEach((format, count) -> {
      if (!StackReader.isStack(format)) {
        events.add(format.fullName(), count.times, 0);
      }
    });
    functions.forEach((address, count) -> {
      String name = source.symbols().nameOf(address);
      calls.add(name == null ? StackNames.UNKNOWN : name, count.times, 0);
    });
  }

  LedgerReport report() {
    return report;
  }

  PageSequences sequences() {
    return sequences;
  }

  /** Events by name, without stacks. */
  Tally events() {
    return events;
  }

  /** Calls by function, where the function tracer ran. */
  Tally calls() {
    return calls;
  }

  /** What is outstanding: pages, and how much. */
  Tally held(boolean withStacks) {
    Tally held = new Tally();
    for (OutstandingGroup group : report.groups()) {
      String what = "%s, %s".formatted(words(group.holding()), group.kind().text());
      boolean named = withStacks && !group.stackIsHint();
      held.add(named(what, named ? group.stack() : List.of()), group.nrPages(), group.amount());
    }
    return held;
  }

  private static String words(Holding holding) {
    return switch (holding) {
      case USER -> "held";
      case MAPPING -> "mapped";
      case CACHE -> "in a page cache";
      case ENGINE -> "the owner's own";
    };
  }

  private static String named(String what, List<String> stack) {
    return stack.isEmpty() ? what : what + ": " + StackNames.text(stack);
  }

  /** What should not have happened, and who waits at the end. */
  Tally wrong(boolean withStacks) {
    Tally wrong = new Tally();
    for (Anomaly anomaly : report.anomalies()) {
      boolean named = withStacks && !anomaly.stackIsHint();
      String what = named(anomaly.kind().text(), named ? anomaly.stack() : List.of());
      wrong.add(what, anomaly.times(), anomaly.amount());
    }
    for (Wait wait : report.waits()) {
      boolean waits = wait.what() == Wait.What.WAITING;
      wrong.add((waits ? "waits at the end in " : "took pages away in ") + wait.by(), 1, 0);
    }
    return wrong;
  }
}
