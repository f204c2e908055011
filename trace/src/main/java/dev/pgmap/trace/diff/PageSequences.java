package dev.pgmap.trace.diff;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.ledger.Change;
import dev.pgmap.trace.ledger.Effect;
import dev.pgmap.trace.ledger.LedgerListener;
import dev.pgmap.trace.ledger.PageView;
import dev.pgmap.trace.ledger.PfnIndex;
import dev.pgmap.trace.ledger.PfnList;
import dev.pgmap.trace.refs.StackTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each page of a recording stands in the tree of sequences, and its changes by stack. For one
 * thread. Grows with the number of pages, and of stacks.
 */
final class PageSequences implements LedgerListener {
  private final SequenceTree tree;
  private final Symbols symbols;
  private final PfnIndex nodes = new PfnIndex();
  private final Map<Integer, Integer> stackOf = new HashMap<>();
  private final Map<Place, long[]> byPlace = new HashMap<>();
  private StackTable stacks = new StackTable();

  private record Place(Step step, int stack) {}

  PageSequences(SequenceTree tree, Symbols symbols) {
    this.tree = tree;
    this.symbols = symbols;
  }

  @Override
  public void begin(StackTable table) {
    stacks = table;
  }

  @Override
  public void entered(Change change, List<Effect> effects, PageView page) {
    Step step = new Step(change.kind(), change.val(), change.ret());
    int node = tree.child(Math.max(SequenceTree.ROOT, nodes.get(change.pfn())), step);
    nodes.put(change.pfn(), node);
    int stack = stacks.isHint(change.stack()) ? StackTable.NONE : change.stack();
    stackOf.putIfAbsent(node, stack);
    byPlace.computeIfAbsent(new Place(step, stack), unused -> new long[1])[0]++;
  }

  /** Changes by kind and stack: how often, and by how much in all. */
  Tally changes(boolean withStacks) {
    Tally tally = new Tally();
    byPlace.forEach((place, times) -> {
      Step step = place.step();
      String stack = withStacks ? names(place.stack()) : "";
      String what = step.kind().eventName();
      tally.add(
          stack.isEmpty() ? what : what + " in " + stack,
          times[0],
          times[0] * Math.abs((long) step.val()));
    });
    return tally;
  }

  /** The functions under which a page came to a node first; empty if that is not known. */
  String stackAt(int node) {
    return names(stackOf.getOrDefault(node, StackTable.NONE));
  }

  private String names(int stack) {
    return stack == StackTable.NONE ? "" : StackNames.text(stacks.names(stack, symbols));
  }

  /** The pages of each sequence. */
  Map<Integer, PfnList> classes() {
    Map<Integer, PfnList> classes = new HashMap<>();
    nodes.forEach((pfn, node) -> classes.computeIfAbsent(node, unused -> new PfnList()).add(pfn));
    return classes;
  }
}
