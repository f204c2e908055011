package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.refs.StackTable;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what should not have happened, by kind and stacks. For one thread. */
final class AnomalyLog {
  private final PageStates pages;
  private final Map<Key, Group> groups = new LinkedHashMap<>();

  private record Key(Anomaly.Kind kind, int stack, int previousStack) {}

  private static final class Group {
    final TaskTally tasks = new TaskTally();
    final TaskTally previousTasks = new TaskTally();
    final PfnList pfns = new PfnList();
    long amount;
    long times;
    long first = Long.MAX_VALUE;
    long last;
    Certainty certainty = Certainty.SURE;
  }

  AnomalyLog(PageStates pages) {
    this.pages = pages;
  }

  void add(Anomaly.Kind kind, int page, Change change, int amount) {
    Key key = new Key(kind, change.stack, pages.putStack(page));
    Group group = groups.computeIfAbsent(key, unused -> new Group());
    group.tasks.add(change.pid, 1);
    if (pages.putPid(page) != PageStates.NONE) {
      group.previousTasks.add(pages.putPid(page), 1);
    }
    group.pfns.add(change.pfn);
    group.amount += Math.abs(amount);
    group.times++;
    group.first = Math.min(group.first, change.stamp);
    group.last = Math.max(group.last, change.stamp);
    if (pages.has(page, PageStates.INCOMPLETE)) {
      group.certainty = Certainty.EVENTS_LOST;
    }
  }

  /** What was collected: errors first, then the earliest first. */
  List<Anomaly> all(StackTable stacks, Symbols symbols, Comms comms) {
    return groups.entrySet().stream()
        .map(entry -> anomaly(entry.getKey(), entry.getValue(), stacks, symbols, comms))
        .sorted(
            Comparator.comparing((Anomaly anomaly) -> !anomaly.kind().isError())
                .thenComparing(Anomaly::first))
        .toList();
  }

  private static Anomaly anomaly(
      Key key, Group group, StackTable stacks, Symbols symbols, Comms comms) {
    return new Anomaly(
        key.kind(),
        stacks.names(key.stack(), symbols),
        stacks.isHint(key.stack()),
        group.tasks.shares(comms),
        stacks.names(key.previousStack(), symbols),
        stacks.isHint(key.previousStack()),
        group.previousTasks.shares(comms),
        group.amount,
        group.times,
        group.pfns.ranges(),
        group.first,
        group.last,
        group.certainty);
  }
}
