package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.order.CountState;
import dev.pgmap.trace.ledger.order.CountState.Verdict;
import dev.pgmap.trace.ledger.order.OrderSolver;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefKind;
import dev.pgmap.trace.refs.StackTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds changes back until everything that may have happened before them has come, puts those that
 * do not fit into another order, and enters them.
 *
 * <p>Each change is also tried at once, in the order of stamps, on what its page's count would be.
 * Only where that fails is there a conflict to solve, once all events have come that are within the
 * window of it; so in the common case an event costs the same wherever it comes from. A change
 * waits thrice the window: what may be exchanged with it may itself be exchanged with later ones.
 *
 * <p>For one thread.
 */
final class RefSequencer {
  /** Changes held back at most; beyond, the first is entered as it stands. */
  private static final int MAX_PENDING = 1 << 16;

  /** How many windows a change is held back. */
  private static final int HOLD_WINDOWS = 3;

  private static final int NO_CHANGE = -1;

  private final PageStates pages;
  private final LotTable lots;
  private final PageAccounts accounts;
  private final StackTable stacks;
  private final long window;
  private final PendingChanges pending = new PendingChanges();
  private final OrderSolver solver = new OrderSolver();
  private final CountState tail = new CountState();
  private final Change change = new Change();

  /** For each page in conflict, the stamp of the first change that does not fit. */
  private final Map<Integer, Long> conflicts = new HashMap<>();

  /** For each cpu, the change whose stack may still come. */
  private int[] awaitsStack = {};

  private boolean[] awaits = {};
  private @Nullable LedgerListener listener;
  private @Nullable PageView view;
  private long nrMoved;

  RefSequencer(
      PageStates pages, LotTable lots, PageAccounts accounts, StackTable stacks, long window) {
    this.pages = pages;
    this.lots = lots;
    this.accounts = accounts;
    this.stacks = stacks;
    this.window = window;
    if (window > 0) {
      accounts.askForPlace(this::isAlone);
    }
  }

  void listen(LedgerListener who, PageView pageView) {
    listener = who;
    view = pageView;
    accounts.noteEffects();
  }

  /** How many changes were moved from their place in the order of stamps. */
  long nrMoved() {
    return nrMoved;
  }

  /** Takes a change in. */
  void add(int page, PageRef ref, int stack) {
    int number = pending.add(page, ref, stack);
    int nr = pages.nrPending(page);
    if (nr > 0) {
      pending.setNext(pages.lastPending(page), number);
    }
    pages.setPending(page, nr > 0 ? pages.firstPending(page) : number, number, nr + 1);
    await(ref.cpu(), number);
    if (window > 0) {
      tryAtTail(page, ref);
    }
    while (pending.size() > MAX_PENDING) {
      enterFirst();
    }
  }

  private void await(int cpu, int number) {
    if (cpu >= awaits.length) {
      awaits = Arrays.copyOf(awaits, cpu + 1);
      awaitsStack = Arrays.copyOf(awaitsStack, cpu + 1);
    }
    awaits[cpu] = true;
    awaitsStack[cpu] = number;
  }

  private void tryAtTail(int page, PageRef ref) {
    pages.loadTail(page, tail);
    Verdict verdict = follow(ref.kind(), ref.val(), ref.ret());
    pages.storeTail(page, tail);
    if (verdict != Verdict.FITS && !pages.has(page, PageStates.CONFLICT)) {
      pages.set(page, PageStates.CONFLICT, true);
      conflicts.put(page, ref.stamp());
    }
  }

  /** Tries a change at the tail: it learns nothing from results before the count is known. */
  private Verdict follow(PageRefKind kind, int val, int ret) {
    if (tail.isKnown()) {
      return tail.apply(kind, val, ret);
    }
    tail.follow(kind, val, ret);
    return Verdict.FITS;
  }

  /** The stack of the latest change on a cpu, if it is that task's. */
  void attachStack(int cpu, int pid, int stack) {
    if (isAwaited(cpu)) {
      if (pending.pid(awaitsStack[cpu]) == pid) {
        pending.setStack(awaitsStack[cpu], stack);
      }
      awaits[cpu] = false;
    }
  }

  /** Another event on a cpu: no stack will come for the change before it. */
  void endStack(int cpu) {
    if (cpu < awaits.length) {
      awaits[cpu] = false;
    }
  }

  private boolean isAwaited(int cpu) {
    return cpu < awaits.length && awaits[cpu];
  }

  /** Enters what is old enough. */
  void advance(long now) {
    while (pending.size() > 0 && isReady(pending.first(), now)) {
      enterFirst();
    }
  }

  private boolean isReady(int number, long now) {
    if (window > 0) {
      return pending.due(number) + HOLD_WINDOWS * window < now;
    }
    int cpu = pending.cpu(number);
    return !awaits[cpu] || awaitsStack[cpu] != number;
  }

  /** Enters all. */
  void flush() {
    while (pending.size() > 0) {
      enterFirst();
    }
  }

  private void enterFirst() {
    int number = pending.first();
    int page = pending.page(number);
    if (window > 0 && pages.has(page, PageStates.CONFLICT)) {
      solveConflict(page, number);
    }
    read(number, page);
    if (window > 0 && pages.nrPending(page) > 1 && accounts.lacksLot(page, change)) {
      pullAcquisition(page);
      read(number, page);
    }
    forget(number);
    pages.setPending(
        page, pending.next(number), pages.lastPending(page), pages.nrPending(page) - 1);
    pending.removeFirst();
    boolean wasKnown = pages.has(page, PageStates.KNOWN);
    change.tellsCount =
        CountState.tells(change.kind, change.ret) && (window == 0 || wasKnown || isAlone(page));
    accounts.enter(page, change);
    pages.noteChange(page, change.cpu, change.stamp);
    if (window > 0 && !wasKnown && pages.has(page, PageStates.KNOWN)) {
      retryTail(page, 0, Long.MIN_VALUE);
    }
    if (change.moved) {
      nrMoved++;
    }
    if (window > 0 && accounts.tookForeign()) {
      markOrder(page);
    }
    if (listener != null && view != null) {
      listener.entered(change, accounts.effects(), view.at(page));
    }
  }

  private void read(int number, int page) {
    pending.read(number, change);
    change.pfn = pages.pfn(page);
    change.stackRecorded = change.stack != StackTable.NONE && !stacks.isHint(change.stack);
  }

  /**
   * The first of a page's changes releases what nobody is known to hold. If an acquisition on
   * another cpu may have come before it, that one goes first; in any case its order matters.
   */
  private void pullAcquisition(int page) {
    int[] places = places(page);
    int[] first = null;
    for (int i = 1; i < places.length; i++) {
      if (mayGoFirst(places[i])) {
        pending.setOrderMatters(places[i]);
        int[] order = withFirst(places, i);
        if (first == null && fits(page, places, order)) {
          first = order;
        }
      }
    }
    if (first != null) {
      permute(places, first);
    }
  }

  private boolean mayGoFirst(int number) {
    boolean acquires = pending.kind(number) != PageRefKind.SET && pending.val(number) > 0;
    return acquires
        && pending.cpu(number) != change.cpu
        && pending.stamp(number) - change.stamp <= window;
  }

  /** The order in which a change and those before it on its cpu come first. */
  private int[] withFirst(int[] places, int which) {
    int cpu = pending.cpu(places[which]);
    int[] order = new int[places.length];
    int at = 0;
    for (int i = 0; i <= which; i++) {
      if (pending.cpu(places[i]) == cpu) {
        order[at++] = i;
      }
    }
    for (int i = 0; i < places.length; i++) {
      if (i > which || pending.cpu(places[i]) != cpu) {
        order[at++] = i;
      }
    }
    return order;
  }

  private boolean fits(int page, int[] places, int[] order) {
    pages.loadCount(page, tail);
    for (int i : order) {
      int number = places[i];
      Verdict verdict = follow(pending.kind(number), pending.val(number), pending.ret(number));
      if (verdict != Verdict.FITS && !pending.isMisfit(number)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAlone(int page) {
    long elsewhere = pages.lastChangeElsewhere(page, change.cpu);
    if (elsewhere != Long.MIN_VALUE && elsewhere >= change.stamp - window) {
      return false;
    }
    int number = pages.firstPending(page);
    for (int i = pages.nrPending(page); i > 0; i--) {
      if (pending.cpu(number) != change.cpu && pending.stamp(number) - change.stamp <= window) {
        return false;
      }
      number = pending.next(number);
    }
    return true;
  }

  private void forget(int number) {
    int cpu = pending.cpu(number);
    if (isAwaited(cpu) && awaitsStack[cpu] == number) {
      awaits[cpu] = false;
    }
  }

  /**
   * A release was put down to another task's lot: acquisitions on other cpus at about that time may
   * have come before or after it, so that theirs may be the reference that is gone.
   */
  private void markOrder(int page) {
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (lots.cpu(lot) != change.cpu && Math.abs(lots.newest(lot) - change.stamp) <= window) {
        lots.mark(lot, LotTable.ORDER);
      }
    }
    int number = pages.firstPending(page);
    for (int i = pages.nrPending(page); i > 0; i--) {
      if (pending.cpu(number) != change.cpu && pending.stamp(number) - change.stamp <= window) {
        pending.setOrderMatters(number);
      }
      number = pending.next(number);
    }
  }

  /**
   * Puts a page's changes into an order that fits. What the conflict needs may still be to come as
   * long as it is further than the window from the first change: then a failure is not final.
   */
  private void solveConflict(int page, int first) {
    long conflictStamp = conflicts.getOrDefault(page, Long.MAX_VALUE);
    boolean due = conflictStamp - window <= pending.due(first);
    int[] places = places(page);
    boolean solved = solve(page, places, places.length);
    if (!solved && due) {
      solved = solve(page, places, upTo(places, conflictStamp));
    }
    if (solved || due) {
      retryTail(page, places.length, conflictStamp);
    }
  }

  /** The numbers of a page's changes, as many as the solver takes. */
  private int[] places(int page) {
    int[] places = new int[Math.min(pages.nrPending(page), OrderSolver.MAX_EVENTS)];
    int number = pages.firstPending(page);
    for (int i = 0; i < places.length; i++) {
      places[i] = number;
      number = pending.next(number);
    }
    return places;
  }

  private int upTo(int[] places, long stamp) {
    int nr = 0;
    while (nr < places.length && pending.stamp(places[nr]) <= stamp) {
      nr++;
    }
    return nr;
  }

  /** Solves for all of the places, of which the first {@code needed} must fit. */
  private boolean solve(int page, int[] places, int needed) {
    pages.loadCount(page, tail);
    solver.begin(tail);
    for (int number : places) {
      solver.add(
          pending.kind(number),
          pending.val(number),
          pending.ret(number),
          pending.cpu(number),
          pending.stamp(number));
    }
    int[] order = solver.solve(window, needed);
    if (order == null) {
      return false;
    }
    permute(places, order);
    return true;
  }

  private void permute(int[] places, int[] order) {
    int[] awaited = new int[places.length];
    Arrays.fill(awaited, NO_CHANGE);
    for (int i = 0; i < order.length; i++) {
      int cpu = pending.cpu(places[order[i]]);
      if (isAwaited(cpu) && awaitsStack[cpu] == places[order[i]]) {
        awaited[i] = cpu;
      }
    }
    pending.permute(places, order);
    for (int i = 0; i < order.length; i++) {
      if (awaited[i] != NO_CHANGE) {
        awaitsStack[awaited[i]] = places[i];
      }
    }
  }

  /**
   * Tries what waits once more, from what is entered. What the solver had and did not fit in is
   * left as it is; anything else that does not fit is the next conflict.
   */
  private void retryTail(int page, int nrSolved, long tried) {
    pages.set(page, PageStates.CONFLICT, false);
    conflicts.remove(page);
    pages.loadCount(page, tail);
    int number = pages.firstPending(page);
    for (int i = 0; i < pages.nrPending(page); i++) {
      PageRefKind kind = pending.kind(number);
      Verdict verdict = follow(kind, pending.val(number), pending.ret(number));
      if (verdict != Verdict.FITS && !pending.isMisfit(number)) {
        if (i < nrSolved && pending.stamp(number) <= tried) {
          pending.setMisfit(number);
        } else if (!pages.has(page, PageStates.CONFLICT)) {
          pages.set(page, PageStates.CONFLICT, true);
          conflicts.put(page, pending.stamp(number));
        }
      }
      number = pending.next(number);
    }
    pages.storeTail(page, tail);
  }
}
