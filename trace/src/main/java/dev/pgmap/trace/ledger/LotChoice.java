package dev.pgmap.trace.ledger;

import dev.pgmap.trace.ledger.pairing.StackFamilies;
import dev.pgmap.trace.refs.PageRef;

/**
 * Chooses the lot that a release is put down to.
 *
 * <p>Best is the lot with the release's own reference id. Then functions that belong together, of
 * the same task and of another; then the same task; then any; last what the functions speak
 * against. Among equals: one that the release uses up exactly, if nothing is known of the
 * functions, and then the latest. Of one task's own lots that are in doubt stay to the last: the
 * doubt is about how many there are.
 *
 * <p>For one thread.
 */
final class LotChoice {
  /** Nothing chosen, or the base reference with nothing that speaks for it. */
  static final int NOTHING = -2;

  /** The functions speak against it. */
  static final int AGAINST = 0;

  /** The functions speak against it, but they are those traced last and may be over. */
  static final int DOUBTFUL = 1;

  /** Another task's. */
  static final int ANY = 2;

  /** The same task's. */
  static final int SAME_TASK = 3;

  /** Another task's; the functions belong together. */
  static final int MIRROR = 4;

  /** The same task's; the functions belong together. */
  static final int MIRROR_SAME_TASK = 5;

  /** The reference's own id. */
  static final int SAME_ID = 6;

  private static final int BASE = -1;
  private static final int SPECIFICITY = 64;

  private final LotTable lots;
  private final StackFamilies families;

  private int lot;
  private int score;
  private boolean rivals;

  LotChoice(LotTable lots, StackFamilies families) {
    this.lots = lots;
    this.families = families;
  }

  /**
   * Looks at the lots of a page.
   *
   * @param first the page's first lot
   * @param pins whether pins are released, else references
   * @param refs how much is still to be released
   */
  void choose(int first, Change release, boolean pins, int refs) {
    lot = LotTable.NONE;
    score = NOTHING * SPECIFICITY;
    rivals = false;
    boolean exact = false;
    for (int next = first; next != LotTable.NONE; next = lots.next(next)) {
      if (pins != (lots.kind(next) == HoldKind.PIN)) {
        continue;
      }
      int own = score(next, release);
      boolean ownExact = lots.refs(next) == refs && families.releasedBy(release.stack) == 0;
      if (own > score) {
        take(next, own);
        rivals = false;
        exact = ownExact;
      } else if (own == score) {
        boolean sameGroup = isSameGroup(lot, next);
        rivals |= !sameGroup;
        if (sameGroup ? lots.marks(next) == 0 && lots.marks(lot) != 0 : ownExact && !exact) {
          take(next, own);
          exact |= ownExact;
        }
      }
    }
  }

  private void take(int next, int own) {
    lot = next;
    score = own;
  }

  /** The lot chosen; {@link LotTable#NONE} if there is none. */
  int lot() {
    return lot;
  }

  /** How well it fits: one of the constants. */
  int rank() {
    return Math.floorDiv(score, SPECIFICITY);
  }

  /** Whether a lot of another task or stack would have fitted as well. */
  boolean hasRivals() {
    return rivals;
  }

  /** Whether a lot fits as well as the one that was chosen. */
  boolean isAsGood(int other, Change release) {
    return score(other, release) == score;
  }

  private boolean isSameGroup(int one, int other) {
    return lots.pid(one) == lots.pid(other) && lots.stack(one) == lots.stack(other);
  }

  private int score(int candidate, Change release) {
    if (release.refId != PageRef.NO_ID && lots.refId(candidate) != PageRef.NO_ID) {
      int rank = release.refId == lots.refId(candidate) ? SAME_ID : AGAINST;
      return rank * SPECIFICITY;
    }
    boolean sameTask = lots.pid(candidate) == release.pid;
    if (lots.kind(candidate) == HoldKind.HALF_UNPIN) {
      return (sameTask ? MIRROR_SAME_TASK : AGAINST) * SPECIFICITY;
    }
    int acquired = families.acquiredBy(lots.stack(candidate));
    int released = families.releasedBy(release.stack);
    if ((acquired & released) != 0) {
      int rank = sameTask ? MIRROR_SAME_TASK : MIRROR;
      return rank * SPECIFICITY + SPECIFICITY - 1 - Integer.bitCount(acquired & ~released);
    }
    if (lots.isMarked(candidate, LotTable.BASE)) {
      return BASE * SPECIFICITY;
    }
    if (speaksAgainst(acquired, released, release.stackRecorded)) {
      boolean sure = release.stackRecorded || families.isEngine(released);
      return (sure ? AGAINST : DOUBTFUL) * SPECIFICITY;
    }
    return (sameTask ? SAME_TASK : ANY) * SPECIFICITY;
  }

  private boolean speaksAgainst(int acquired, int released, boolean recorded) {
    return released != 0
        ? acquired != 0 || families.isEngine(released)
        : recorded && families.isStrict(acquired);
  }
}
