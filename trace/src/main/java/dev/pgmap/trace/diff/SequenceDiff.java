package dev.pgmap.trace.diff;

import dev.pgmap.trace.ledger.PfnList;
import dev.pgmap.trace.ledger.PfnRanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the sequences of pages. Pages are matched by equal sequences; those of the second
 * recording that are left are held against the nearest that are left of the first, the most common
 * first. For one thread.
 */
final class SequenceDiff {
  /** Sequences that differ and are compared step by step, on each side. */
  private static final int MAX_COMPARED = 128;

  private final SequenceTree tree;
  private final PageSequences a;
  private final PageSequences b;
  private final Map<Integer, PageClass> classes = new HashMap<>();
  private final Map<Integer, Long> left = new HashMap<>();
  private long same;
  private long sameClasses;

  SequenceDiff(SequenceTree tree, PageSequences a, PageSequences b) {
    this.tree = tree;
    this.a = a;
    this.b = b;
    Map<Integer, PfnList> ofA = a.classes();
    Map<Integer, PfnList> ofB = b.classes();
    Set<Integer> nodes = new HashSet<>(ofA.keySet());
    nodes.addAll(ofB.keySet());
    nodes.forEach(node -> addClass(node, ranges(ofA, node), ranges(ofB, node)));
  }

  private static PfnRanges ranges(Map<Integer, PfnList> classes, int node) {
    PfnList pages = classes.get(node);
    return pages == null ? PfnRanges.NONE : pages.ranges();
  }

  private void addClass(int node, PfnRanges inA, PfnRanges inB) {
    if (node == SequenceTree.TOO_LONG) {
      return;
    }
    long pages = Math.min(inA.nrPages(), inB.nrPages());
    same += pages;
    sameClasses += pages > 0 ? 1 : 0;
    if (inA.nrPages() != inB.nrPages()) {
      PageClass pageClass = new PageClass(tree.steps(node), inA, inB);
      classes.put(node, pageClass);
      left.put(node, pageClass.surplus());
    }
  }

  /** Pages with a match of equal sequence. */
  long same() {
    return same;
  }

  /** How many sequences they have. */
  long sameClasses() {
    return sameClasses;
  }

  /** Pages that could not be compared, in both. */
  static long tooLong(PageSequences run) {
    PfnList pages = run.classes().get(SequenceTree.TOO_LONG);
    return pages == null ? 0 : pages.ranges().nrPages();
  }

  /** What differs, the most pages first. */
  List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    List<Integer> fromB = most(-1);
    List<Integer> fromA = most(1);
    for (int node : fromB) {
      for (Integer near = nearest(node, fromA); near != null; near = nearest(node, fromA)) {
        turns.add(match(near, node));
        if (left.getOrDefault(node, 0L) == 0) {
          break;
        }
      }
    }
    left.forEach((node, pages) -> {
      if (pages != 0) {
        turns.add(alone(node, pages));
      }
    });
    turns.sort(Comparator.comparingLong(Turn::pages).reversed().thenComparing(Turn::common));
    return turns;
  }

  /** Sequences of which one side has more pages, the most first. */
  private List<Integer> most(int sign) {
    return left.entrySet().stream()
        .filter(entry -> Long.signum(entry.getValue()) == sign)
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<Integer, Long> entry) -> -Math.abs(entry.getValue()))
                .thenComparing(Map.Entry::getKey))
        .limit(MAX_COMPARED)
        .map(Map.Entry::getKey)
        .toList();
  }

  private @Nullable Integer nearest(int node, List<Integer> among) {
    return among.stream()
        .filter(other -> left.getOrDefault(other, 0L) > 0)
        .max(Comparator.comparingInt(other -> tree.common(node, other)))
        .orElse(null);
  }

  private Turn match(int ofA, int ofB) {
    long pages = Math.min(left.getOrDefault(ofA, 0L), -left.getOrDefault(ofB, 0L));
    left.merge(ofA, -pages, Long::sum);
    left.merge(ofB, pages, Long::sum);
    int common = tree.common(ofA, ofB);
    return new Turn(
        pages,
        classes.get(ofA),
        classes.get(ofB),
        common,
        stack(a, ofA, common),
        stack(b, ofB, common));
  }

  private String stack(PageSequences run, int node, int common) {
    return tree.depth(node) == common ? "" : run.stackAt(tree.prefix(node, common + 1));
  }

  private Turn alone(int node, long pages) {
    PageClass pageClass = classes.get(node);
    return pages > 0
        ? new Turn(pages, pageClass, null, 0, stack(a, node, 0), "")
        : new Turn(-pages, null, pageClass, 0, "", stack(b, node, 0));
  }
}
