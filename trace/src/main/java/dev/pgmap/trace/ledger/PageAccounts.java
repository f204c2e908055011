package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.Effect.What;
import dev.pgmap.trace.ledger.order.CountState;
import dev.pgmap.trace.ledger.order.CountState.Verdict;
import dev.pgmap.trace.ledger.pairing.Holding;
import dev.pgmap.trace.ledger.pairing.StackFamilies;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefKind;
import dev.pgmap.trace.refs.StackTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Enters changes into the ledger of their page: an acquisition opens a lot, a release reduces the
 * lots that it is put down to.
 *
 * <p>A pin of a single page is {@link HoldKind#PIN_BIAS} of the count. It comes as one addition
 * (slow gup), or as 1 and 1023 (fast gup), and goes as one subtraction, or as 1023 and 1 (kernels
 * up to 5.10): see mm/gup.c. Both halves are joined, so that k pins are k pins.
 *
 * <p>What the count is more than the lots is held from before the recording. As long as the count
 * is not known, so is that amount, and a release that fits no lot is put down to it.
 *
 * <p>For one thread.
 */
final class PageAccounts {
  /** What a fast gup adds to each reference to make it a pin, and old kernels take first. */
  private static final int PIN_REST = HoldKind.PIN_BIAS - 1;

  /** Lots that are looked through for one to add to; more of one page are rare. */
  private static final int MERGE_DEPTH = 8;

  /** More than any count: what may be held from before while the count is unknown. */
  private static final int ANY_AMOUNT = Integer.MAX_VALUE;

  private final PageStates pages;
  private final LotTable lots;
  private final StackFamilies families;
  private final LotChoice choice;
  private final AnomalyLog anomalies;
  private final CountState count = new CountState();
  private @Nullable List<Effect> effects;

  /** Whether a release was put down to a lot of another task: then order may matter. */
  private boolean tookForeign;

  /** Whether the change of a page that is being entered has its place in the order for sure. */
  private IntPredicate placeIsSure = page -> true;

  PageAccounts(PageStates pages, LotTable lots, StackFamilies families, AnomalyLog anomalies) {
    this.pages = pages;
    this.lots = lots;
    this.families = families;
    this.anomalies = anomalies;
    this.choice = new LotChoice(lots, families);
  }

  /** From now on, asks whether the place of a page's change in the order is sure. */
  void askForPlace(IntPredicate isSure) {
    placeIsSure = isSure;
  }

  /** From now on, notes what each change does. */
  void noteEffects() {
    effects = new ArrayList<>();
  }

  /** What the latest change did, if that is noted. */
  List<Effect> effects() {
    return effects == null ? List.of() : List.copyOf(effects);
  }

  /** Whether the latest change was put down to a lot of another task. */
  boolean tookForeign() {
    return tookForeign;
  }

  /** Enters a change. */
  void enter(int page, Change change) {
    if (effects != null) {
      effects.clear();
    }
    tookForeign = false;
    pages.loadCount(page, count);
    Verdict verdict = Verdict.FITS;
    if (count.isKnown() || change.tellsCount) {
      verdict = count.apply(change.kind, change.val, change.ret);
    } else {
      count.follow(change.kind, change.val, change.ret);
    }
    pages.storeCount(page, count);
    learnSize(page, change);
    if (verdict == Verdict.CONTRADICTION) {
      contradict(page, change);
    }
    switch (change.kind) {
      case SET -> set(page, change);
      case MOD, MOD_AND_TEST, MOD_AND_RETURN -> add(page, change, verdict);
      case MOD_UNLESS -> {
        if (change.ret != 0) {
          add(page, change, verdict);
        } else {
          note(What.REFUSED, change.val);
        }
      }
      case FREEZE -> freeze(page, change);
      case UNFREEZE -> {
        pages.set(page, PageStates.FROZEN, false);
        note(What.UNFROZEN, change.val);
      }
    }
    settle(page);
  }

  /** Whether a change releases, and no lot of its page fits but the base reference. */
  boolean lacksLot(int page, Change change) {
    if (change.val >= 0 || change.kind == PageRefKind.FREEZE) {
      return false;
    }
    int first = pages.lots(page);
    boolean pins = change.val % HoldKind.PIN_BIAS == 0 || change.val % PIN_REST == 0;
    choice.choose(first, change, false, -change.val);
    if (choice.rank() <= LotChoice.AGAINST && pins) {
      choice.choose(first, change, true, -change.val);
    }
    return choice.rank() <= LotChoice.AGAINST;
  }

  private void note(What what, int amount) {
    if (effects != null) {
      effects.add(Effect.of(what, amount));
    }
  }

  private void note(What what, int lot, int refs) {
    if (effects != null) {
      effects.add(effect(what, lot, refs));
    }
  }

  private void contradict(int page, Change change) {
    pages.set(page, PageStates.INCOMPLETE, true);
    anomalies.add(Anomaly.Kind.CONTRADICTION, page, change, change.val);
    note(What.CONTRADICTION, change.ret);
  }

  /** Notes that a page is the head of a folio: it says so, or it is counted by more than one. */
  private void learnSize(int page, Change change) {
    boolean several = change.val > 1 || change.val < -1;
    boolean biased = change.val % HoldKind.PIN_BIAS == 0 || change.val % PIN_REST == 0;
    boolean added = change.kind != PageRefKind.SET && change.kind != PageRefKind.FREEZE;
    if (change.large == PageRef.Large.YES
        || change.large == PageRef.Large.UNKNOWN && added && several && !biased) {
      pages.set(page, PageStates.LARGE, true);
    } else if (change.large == PageRef.Large.NO) {
      pages.set(page, PageStates.LARGE, false);
    }
  }

  private void set(int page, Change change) {
    boolean frozen = pages.has(page, PageStates.FROZEN);
    pages.set(page, PageStates.FROZEN | PageStates.SHORT | PageStates.UNFIT, false);
    int gone = pages.lotRefs(page);
    if (gone > 0 && !frozen && holdsUsers(page)) {
      anomalies.add(Anomaly.Kind.SET_WHILE_HELD, page, change, gone);
    }
    dropAll(page);
    if (change.val > 0) {
      int lot = open(page, change, HoldKind.REFERENCE, change.val);
      boolean first = change.stack == StackTable.NONE && change.val == 1;
      if (first || families.holding(change.stack) == Holding.ENGINE) {
        lots.mark(lot, LotTable.BASE);
      }
    }
  }

  private boolean holdsUsers(int page) {
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (!lots.isMarked(lot, LotTable.BASE) && families.holding(lots.stack(lot)) == Holding.USER) {
        return true;
      }
    }
    return false;
  }

  private void freeze(int page, Change change) {
    if (change.ret != 0) {
      pages.set(page, PageStates.FROZEN, true);
      note(What.FROZEN, change.val);
    } else {
      note(What.REFUSED, change.val);
    }
  }

  private void add(int page, Change change, Verdict verdict) {
    if (change.val > 0) {
      acquire(page, change);
    } else if (change.val < 0) {
      release(page, change, verdict);
      pages.notePut(page, change.stack, change.pid, change.stamp);
    }
  }

  private void acquire(int page, Change change) {
    int val = change.val;
    if (change.large != PageRef.Large.YES && val % PIN_REST == 0 && join(page, change)) {
      return;
    }
    if (isPinned(page, change)) {
      open(page, change, HoldKind.PIN, val);
      return;
    }
    boolean large = pages.has(page, PageStates.LARGE);
    int lot = open(page, change, large ? HoldKind.FOLIO_REFERENCE : HoldKind.REFERENCE, val);
    if (change.kind == PageRefKind.MOD_UNLESS) {
      lots.setJoinable(lot, val);
    }
  }

  private boolean isPinned(int page, Change change) {
    return change.kind == PageRefKind.MOD
        && change.val % HoldKind.PIN_BIAS == 0
        && !pages.has(page, PageStates.LARGE);
  }

  /** Joins the second half of a fast pin with the get that the same task did just before. */
  private boolean join(int page, Change change) {
    int pins = change.val / PIN_REST;
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (lots.pid(lot) == change.pid && lots.joinable(lot) == pins) {
        lots.setJoinable(lot, 0);
        reduce(page, lot, pins);
        open(page, change, HoldKind.PIN, pins * HoldKind.PIN_BIAS);
        if (effects != null) {
          effects.set(effects.size() - 1, acquired(What.JOINED, change, HoldKind.PIN, pins));
        }
        return true;
      }
    }
    return false;
  }

  /** Adds to a lot of the same task and stack, or opens a new one; it becomes the first. */
  private int open(int page, Change change, HoldKind kind, int refs) {
    if (effects != null) {
      effects.add(acquired(What.ACQUIRED, change, kind, refs / kind.refs()));
    }
    pages.addLotRefs(page, refs);
    int mark = change.orderMatters ? LotTable.ORDER : 0;
    int lot = findAlike(page, change, kind, mark);
    if (lot != LotTable.NONE) {
      lots.setRefs(lot, lots.refs(lot) + refs);
      lots.setNewest(lot, change.stamp, change.cpu);
      return lot;
    }
    lot =
        lots.add(kind, refs, change.pid, change.stack, change.cpu, change.stamp, pages.lots(page));
    lots.mark(lot, mark);
    lots.setRefId(lot, change.refId);
    pages.setLots(page, lot);
    return lot;
  }

  private static Effect acquired(What what, Change change, HoldKind kind, int amount) {
    return new Effect(what, kind, amount, change.pid, change.stack, change.stamp, false);
  }

  private int findAlike(int page, Change change, HoldKind kind, int mark) {
    int before = LotTable.NONE;
    int lot = pages.lots(page);
    for (int i = 0; i < MERGE_DEPTH && lot != LotTable.NONE; i++) {
      if (lots.pid(lot) == change.pid
          && lots.stack(lot) == change.stack
          && lots.kind(lot) == kind
          && lots.marks(lot) == mark
          && change.refId == PageRef.NO_ID
          && lots.refId(lot) == PageRef.NO_ID) {
        moveToFront(page, lot, before);
        return lot;
      }
      before = lot;
      lot = lots.next(lot);
    }
    return LotTable.NONE;
  }

  private void moveToFront(int page, int lot, int before) {
    if (before != LotTable.NONE) {
      lots.setNext(before, lots.next(lot));
      lots.setNext(lot, pages.lots(page));
      pages.setLots(page, lot);
    }
  }

  private void release(int page, Change change, Verdict verdict) {
    int refs = -change.val;
    clearJoinable(page, change.pid);
    int before = heldFromBefore(page, refs, verdict);
    if (refs % PIN_REST == 0
        && refs % HoldKind.PIN_BIAS != 0
        && change.kind == PageRefKind.MOD
        && !pages.has(page, PageStates.LARGE)) {
      refs = halfUnpin(page, change, refs);
    } else if (refs % HoldKind.PIN_BIAS == 0) {
      refs = take(page, change, true, refs, before);
    }
    refs = take(page, change, false, refs, before);
    releaseRest(page, change, verdict, refs, before);
  }

  private void clearJoinable(int page, int pid) {
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (lots.pid(lot) == pid) {
        lots.setJoinable(lot, 0);
      }
    }
  }

  /** How much of the count was not in lots before a release. */
  private int heldFromBefore(int page, int refs, Verdict verdict) {
    if (verdict == Verdict.UNDERFLOW) {
      return 0;
    }
    if (!count.isKnown()) {
      return ANY_AMOUNT;
    }
    return Math.max(0, count.value() + refs - pages.lotRefs(page));
  }

  /** What no lot was found for. */
  private void releaseRest(int page, Change change, Verdict verdict, int refs, int before) {
    if (refs > 0 && verdict == Verdict.UNDERFLOW) {
      pages.set(page, PageStates.SHORT, true);
      anomalies.add(Anomaly.Kind.PUT_TOO_MANY, page, change, refs);
      note(What.UNDERFLOW, refs);
      return;
    }
    int rest = refs;
    if (rest > 0 && rest % HoldKind.PIN_BIAS != 0 && before < rest) {
      rest = takeFromPins(page, change, rest);
    }
    if (rest > 0) {
      note(What.RELEASED_BEFORE, rest);
    }
  }

  /** A plain put with only pins left: it takes a part of a pin. */
  private int takeFromPins(int page, Change change, int refs) {
    int rest = take(page, change, true, refs, 0);
    if (rest < refs) {
      anomalies.add(Anomaly.Kind.PUT_OF_PIN, page, change, refs - rest);
    }
    return rest;
  }

  /** The first half of a release of pins: what is left of them waits for the second. */
  private int halfUnpin(int page, Change change, int refs) {
    int rest = refs;
    while (rest > 0) {
      choice.choose(pages.lots(page), change, true, rest / PIN_REST * HoldKind.PIN_BIAS);
      int lot = choice.lot();
      if (lot == LotTable.NONE || lots.refs(lot) < HoldKind.PIN_BIAS) {
        return rest;
      }
      int pins = Math.min(rest / PIN_REST, lots.refs(lot) / HoldKind.PIN_BIAS);
      int stack = lots.stack(lot);
      long since = lots.oldest(lot);
      note(What.HALF_UNPINNED, lot, pins * HoldKind.PIN_BIAS);
      markRivals(page, change, choice.hasRivals() ? LotTable.GUESSED : 0);
      reduce(page, lot, pins * HoldKind.PIN_BIAS);
      addHalf(page, change, pins, stack, since);
      rest -= pins * PIN_REST;
    }
    return 0;
  }

  private void addHalf(int page, Change change, int pins, int stack, long since) {
    int half =
        lots.add(HoldKind.HALF_UNPIN, pins, change.pid, stack, change.cpu, since, pages.lots(page));
    pages.setLots(page, half);
    pages.addLotRefs(page, pins);
  }

  /**
   * Takes from lots as long as any fits better than what is held from before.
   *
   * @param pins whether from pins, else from references
   * @param before how much is held from before the recording
   * @return what is left to release
   */
  private int take(int page, Change change, boolean pins, int refs, int before) {
    int rest = refs;
    while (rest > 0) {
      choice.choose(pages.lots(page), change, pins, rest);
      int lot = choice.lot();
      if (lot == LotTable.NONE || choice.rank() <= LotChoice.AGAINST && before >= rest) {
        return rest;
      }
      int taken = Math.min(rest, lots.refs(lot));
      checkRight(page, change, taken);
      note(What.RELEASED, lot, taken);
      markRivals(page, change, doubts(lot, change, before));
      reduce(page, lot, taken);
      rest -= taken;
    }
    return 0;
  }

  /** What is doubtful about the lots that are left, after the one chosen was taken. */
  private int doubts(int lot, Change change, int before) {
    boolean foreign = lots.pid(lot) != change.pid && choice.rank() != LotChoice.SAME_ID;
    tookForeign |= foreign;
    int marks = choice.hasRivals() || choice.rank() == LotChoice.AGAINST ? LotTable.GUESSED : 0;
    boolean mayBeOlder = foreign && choice.rank() <= LotChoice.ANY && before > 0;
    return mayBeOlder ? marks | LotTable.START : marks;
  }

  /** Notes a release of what it had no right to; nothing from before the recording is left. */
  private void checkRight(int page, Change change, int taken) {
    int rank = choice.rank();
    if (rank < LotChoice.AGAINST) {
      if (change.stackRecorded || families.releasedBy(change.stack) != 0) {
        anomalies.add(Anomaly.Kind.PUT_OF_BASE, page, change, taken);
      }
    } else if (rank == LotChoice.AGAINST && lots.kind(choice.lot()) != HoldKind.HALF_UNPIN) {
      checkOthers(page, change, taken);
    }
  }

  /** A wrong order, once, makes rightful releases of the same page look wrong from then on. */
  private void checkOthers(int page, Change change, int taken) {
    if (!placeIsSure.test(page)) {
      pages.set(page, PageStates.UNFIT, true);
    } else if (change.stackRecorded && !pages.has(page, PageStates.UNFIT)) {
      anomalies.add(Anomaly.Kind.PUT_OF_OTHERS, page, change, taken);
    }
  }

  private void markRivals(int page, Change change, int marks) {
    if (marks == 0) {
      return;
    }
    boolean pins = lots.kind(choice.lot()) == HoldKind.PIN;
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (pins == (lots.kind(lot) == HoldKind.PIN) && choice.isAsGood(lot, change)) {
        lots.mark(lot, marks);
      }
    }
  }

  private Effect effect(What what, int lot, int refs) {
    HoldKind kind = lots.kind(lot);
    boolean whole = refs % kind.refs() == 0;
    return new Effect(
        what,
        whole ? kind : HoldKind.REFERENCE,
        whole ? refs / kind.refs() : refs,
        lots.pid(lot),
        lots.stack(lot),
        lots.oldest(lot),
        what != What.DROPPED && choice.hasRivals());
  }

  private void reduce(int page, int lot, int refs) {
    pages.addLotRefs(page, -refs);
    lots.setRefs(lot, lots.refs(lot) - refs);
    if (lots.refs(lot) == 0) {
      unlink(page, lot);
    }
  }

  private void unlink(int page, int lot) {
    if (pages.lots(page) == lot) {
      pages.setLots(page, lots.next(lot));
    } else {
      int before = pages.lots(page);
      while (lots.next(before) != lot) {
        before = lots.next(before);
      }
      lots.setNext(before, lots.next(lot));
    }
    lots.free(lot);
  }

  private void dropAll(int page) {
    int lot = pages.lots(page);
    while (lot != LotTable.NONE) {
      int next = lots.next(lot);
      note(What.DROPPED, lot, lots.refs(lot));
      lots.free(lot);
      lot = next;
    }
    pages.setLots(page, LotTable.NONE);
    pages.addLotRefs(page, -pages.lotRefs(page));
  }

  /** If the count is known and less than the lots are, some of them must be gone. */
  private void settle(int page) {
    if (!count.isKnown() || pages.has(page, PageStates.FROZEN | PageStates.SHORT)) {
      return;
    }
    int most = Math.max(0, count.value());
    if (most == 0) {
      dropAll(page);
    }
    while (pages.lotRefs(page) > most) {
      int lot = doubtful(page);
      int gone = Math.min(lots.refs(lot), pages.lotRefs(page) - most);
      note(What.DROPPED, lot, gone);
      reduce(page, lot, gone);
      for (int rest = pages.lots(page); rest != LotTable.NONE; rest = lots.next(rest)) {
        lots.mark(rest, LotTable.GUESSED);
      }
    }
  }

  /** A lot that may have been released in place of one from before the recording. */
  private int doubtful(int page) {
    for (int lot = pages.lots(page); lot != LotTable.NONE; lot = lots.next(lot)) {
      if (lots.isMarked(lot, LotTable.START)) {
        return lot;
      }
    }
    return pages.lots(page);
  }
}
