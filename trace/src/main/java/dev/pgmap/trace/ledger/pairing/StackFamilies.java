package dev.pgmap.trace.ledger.pairing;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.refs.StackTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Looks stacks up in the table of families, each once. For one thread. */
public final class StackFamilies {
  /** A mask that was not looked up yet. */
  private static final int UNKNOWN = -1;

  private final FunctionPairs pairs;
  private final StackTable stacks;
  private final Symbols symbols;
  private final Map<String, Integer> acquiring = new HashMap<>();
  private final Map<String, Integer> releasing = new HashMap<>();
  private final int strict;
  private final int engine;
  private int[] acquired = new int[0];
  private int[] released = new int[0];

  /** Families of the stacks of one source. */
  public StackFamilies(FunctionPairs pairs, StackTable stacks, Symbols symbols) {
    this.pairs = pairs;
    this.stacks = stacks;
    this.symbols = symbols;
    strict = mask(Family::isStrict);
    engine = mask(family -> family.holding() == Holding.ENGINE);
  }

  private int mask(Predicate<Family> which) {
    int mask = 0;
    for (int i = 0; i < pairs.families().size(); i++) {
      mask |= which.test(pairs.families().get(i)) ? 1 << i : 0;
    }
    return mask;
  }

  /** The families whose references a stack acquires; 0 if none is known. */
  public int acquiredBy(int stack) {
    if (stack >= acquired.length) {
      grow();
    }
    if (acquired[stack] == UNKNOWN) {
      acquired[stack] = acquires(stack);
    }
    return acquired[stack];
  }

  /** The families whose references a stack releases; 0 if none is known. */
  public int releasedBy(int stack) {
    if (stack >= released.length) {
      grow();
    }
    if (released[stack] == UNKNOWN) {
      released[stack] = releases(stack);
    }
    return released[stack];
  }

  /** Whether a mask has only families that their own releasers release. */
  public boolean isStrict(int mask) {
    return mask != 0 && (mask & ~strict) == 0;
  }

  /** Whether a mask has a family of the memory's owner. */
  public boolean isEngine(int mask) {
    return (mask & engine) != 0;
  }

  /** What a reference acquired by a stack means: of several families the first counts. */
  public Holding holding(int stack) {
    int mask = acquiredBy(stack);
    return mask == 0
        ? Holding.USER
        : pairs.families().get(Integer.numberOfTrailingZeros(innermost(stack, mask))).holding();
  }

  /** Of several families, those of the innermost function that has any. */
  private int innermost(int stack, int mask) {
    for (String function : stacks.names(stack, symbols)) {
      int own = acquiring.computeIfAbsent(function, pairs::acquires);
      if (own != 0) {
        return own;
      }
    }
    return mask;
  }

  private int acquires(int stack) {
    int mask = 0;
    for (String function : stacks.names(stack, symbols)) {
      if (pairs.isBoundary(function)) {
        break;
      }
      mask |= acquiring.computeIfAbsent(function, pairs::acquires);
    }
    return mask;
  }

  private int releases(int stack) {
    int mask = 0;
    List<String> names = stacks.names(stack, symbols);
    for (String function : names) {
      mask |= releasing.computeIfAbsent(function, pairs::releases);
    }
    return mask;
  }

  private void grow() {
    acquired = grown(acquired);
    released = grown(released);
  }

  private int[] grown(int[] from) {
    int[] to = Arrays.copyOf(from, Math.max(64, stacks.size() * 2));
    Arrays.fill(to, from.length, to.length, UNKNOWN);
    return to;
  }
}
