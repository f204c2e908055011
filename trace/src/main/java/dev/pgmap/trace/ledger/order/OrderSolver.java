package dev.pgmap.trace.ledger.order;

import dev.pgmap.trace.ledger.order.CountState.Verdict;
import dev.pgmap.trace.refs.PageRefKind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the order in which events of one page must have happened.
 *
 * <p>An event is stamped after the change itself, so that stamps of two cpus may be the reverse of
 * the truth. Events of one cpu keep their order, and so do events whose stamps are further apart
 * than the window. Among the orders in which every result is what the count would have given, the
 * one nearest to the order of stamps is taken.
 *
 * <p>For one thread; a solver is used again and again.
 */
public final class OrderSolver {
  /** Events that are looked at together; what comes later waits for the next look. */
  public static final int MAX_EVENTS = 32;

  /** Steps of the search after which it gives up, so that a hot page cannot stall it. */
  private static final int MAX_STEPS = 5_000;

  private final PageRefKind[] kinds = new PageRefKind[MAX_EVENTS];
  private final int[] vals = new int[MAX_EVENTS];
  private final int[] rets = new int[MAX_EVENTS];
  private final int[] cpus = new int[MAX_EVENTS];
  private final long[] stamps = new long[MAX_EVENTS];
  private final int[] order = new int[MAX_EVENTS];
  private final CountState[] states = new CountState[MAX_EVENTS + 1];

  /** Sets of events, with the count after them, after which no order of the others fits. */
  private final Set<Long> deadEnds = new HashSet<>();

  private int size;
  private int steps;

  /** The bits of the events that must find a place. */
  private int wanted;

  /** A solver. */
  public OrderSolver() {
    Arrays.setAll(states, unused -> new CountState());
  }

  /** Starts anew, from what is known before the events. */
  public void begin(CountState before) {
    states[0].load(before);
    size = 0;
  }

  /** Whether there is room for one more event. */
  public boolean hasRoom() {
    return size < MAX_EVENTS;
  }

  /** Adds an event; they are added in order of their stamps. */
  public void add(PageRefKind kind, int val, int ret, int cpu, long stamp) {
    kinds[size] = kind;
    vals[size] = val;
    rets[size] = ret;
    cpus[size] = cpu;
    stamps[size] = stamp;
    size++;
  }

  /**
   * Looks for an order.
   *
   * @param window how far apart two stamps may be and still be reversed
   * @param needed how many of the first events must find a place; the others may, to make that
   *     possible, and keep their order at the end if they need not
   * @return the places of the events in their new order; null if none was found
   */
  public int @Nullable [] solve(long window, int needed) {
    steps = 0;
    deadEnds.clear();
    wanted = needed >= MAX_EVENTS ? -1 : (1 << needed) - 1;
    return place(0, 0, window) ? Arrays.copyOf(order, size) : null;
  }

  private boolean place(int depth, int placed, long window) {
    if ((placed & wanted) == wanted) {
      appendRest(depth, placed);
      return true;
    }
    CountState now = states[depth];
    long here = (long) placed << Integer.SIZE | now.value() & 0xffffffffL;
    if (++steps > MAX_STEPS || now.isKnown() && deadEnds.contains(here)) {
      return false;
    }
    long latest = Long.MAX_VALUE;
    for (int i = 0; i < size && stamps[i] <= latest; i++) {
      if ((placed & 1 << i) != 0) {
        continue;
      }
      latest = Math.min(latest, stamps[i] + window);
      if (isFirstOfCpu(i, placed) && fits(depth, i)) {
        order[depth] = i;
        if (place(depth + 1, placed | 1 << i, window)) {
          return true;
        }
      }
    }
    if (now.isKnown()) {
      deadEnds.add(here);
    }
    return false;
  }

  private void appendRest(int depth, int placed) {
    int at = depth;
    for (int i = 0; i < size; i++) {
      if ((placed & 1 << i) == 0) {
        order[at++] = i;
      }
    }
  }

  private boolean isFirstOfCpu(int event, int placed) {
    for (int i = 0; i < event; i++) {
      if ((placed & 1 << i) == 0 && cpus[i] == cpus[event]) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(int depth, int event) {
    CountState next = states[depth + 1];
    next.load(states[depth]);
    return next.apply(kinds[event], vals[event], rets[event]) == Verdict.FITS;
  }
}
