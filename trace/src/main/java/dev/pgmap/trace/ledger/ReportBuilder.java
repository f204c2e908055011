package dev.pgmap.trace.ledger;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.refs.StackTable;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what is outstanding into groups. For one thread. */
final class ReportBuilder {
  private final TraceSource source;
  private final StackTable stacks;
  private final PageLedger.Grouping grouping;
  private final Map<Key, Group> groups = new LinkedHashMap<>();
  private final Map<Integer, List<String>> names = new LinkedHashMap<>();

  /** What a group has in common; {@code own} is the task or page if they are kept apart. */
  private record Key(HoldKind kind, Holding holding, List<String> stack, boolean hint, long own) {}

  private static final class Group {
    final PfnList pfns = new PfnList();
    final TaskTally tasks = new TaskTally();
    final Map<Certainty, Long> byCertainty = new EnumMap<>(Certainty.class);
    long amount;
    long refs;
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    Certainty certainty = Certainty.SURE;
  }

  ReportBuilder(TraceSource source, StackTable stacks, PageLedger.Grouping grouping) {
    this.source = source;
    this.stacks = stacks;
    this.grouping = grouping;
  }

  void add(Outstanding one) {
    List<String> stack =
        names.computeIfAbsent(one.stack(), id -> stacks.names(id, source.symbols()));
    long own =
        switch (grouping) {
          case STACK -> 0;
          case TASK -> one.pid();
          case PFN -> one.pfn();
        };
    Key key = new Key(one.kind(), one.holding(), stack, stacks.isHint(one.stack()), own);
    Group group = groups.computeIfAbsent(key, unused -> new Group());
    group.pfns.add(one.pfn());
    group.tasks.add(one.pid(), one.amount());
    group.byCertainty.merge(one.certainty(), (long) one.amount(), Long::sum);
    group.amount += one.amount();
    group.refs += one.refs();
    group.oldest = Math.min(group.oldest, one.oldest());
    group.newest = Math.max(group.newest, one.newest());
    group.certainty = group.certainty.or(one.certainty());
  }

  /** The groups: what users hold first, then the most pages first, then the oldest. */
  List<OutstandingGroup> groups() {
    return groups.entrySet().stream()
        .map(entry -> group(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparing(OutstandingGroup::holding)
                .thenComparing(Comparator.comparingLong(OutstandingGroup::nrPages).reversed())
                .thenComparing(OutstandingGroup::oldest))
        .toList();
  }

  private OutstandingGroup group(Key key, Group group) {
    PfnRanges pfns = group.pfns.ranges();
    return new OutstandingGroup(
        key.kind(),
        key.holding(),
        key.stack(),
        key.hint(),
        group.amount,
        group.refs,
        pfns,
        pfns.nrPages(),
        group.oldest,
        group.newest,
        group.tasks.shares(source.comms()),
        group.certainty,
        group.byCertainty);
  }
}
