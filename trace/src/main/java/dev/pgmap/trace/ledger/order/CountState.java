package dev.pgmap.trace.ledger.order;

import dev.pgmap.trace.refs.PageRefKind;

/**
 * What is known of one page's count.
 *
 * <p>Before the count is known, {@link #value} is the change since the page was first seen, and
 * {@link #floor} the least that the count can have been then. Some events make it known: a value
 * that was set, a returned count, a count that reached zero, a get that failed, a freeze that
 * succeeded. What an event shows as {@code count} is never used: it was read later.
 *
 * <p>Mutable; for one thread.
 */
public final class CountState {
  /** Whether an event agrees with what was known. */
  public enum Verdict {
    /** It does. */
    FITS,
    /** More was taken away than the count can have been. */
    UNDERFLOW,
    /** Its result is not the one that the count would have given. */
    CONTRADICTION
  }

  private boolean known;
  private int value;
  private int floor;

  /** Sets all that is known. */
  public void load(boolean isKnown, int valueNow, int floorAtStart) {
    known = isKnown;
    value = valueNow;
    floor = floorAtStart;
  }

  /** Copies another state. */
  public void load(CountState other) {
    load(other.known, other.value, other.floor);
  }

  /** Whether the count is known. */
  public boolean isKnown() {
    return known;
  }

  /** The count if it is known, else its change since the page was first seen. */
  public int value() {
    return value;
  }

  /** The least that the count can have been when the page was first seen; 0 if it is known. */
  public int floor() {
    return floor;
  }

  /**
   * Follows an event. If it does not fit, what the event itself says for sure wins.
   *
   * @return whether it fits
   */
  public Verdict apply(PageRefKind kind, int val, int ret) {
    return switch (kind) {
      case SET -> set(val);
      case MOD -> add(val);
      case MOD_AND_TEST -> ret != 0 ? reach(val, 0) : addAndStay(val);
      case MOD_AND_RETURN -> reach(val, ret);
      case MOD_UNLESS -> ret != 0 ? addFromUsed(val) : confirm(0);
      case FREEZE -> freeze(val, ret);
      case UNFREEZE -> unfreeze(val);
    };
  }

  /**
   * Follows an event while the count is not known, and learns nothing from its result: events of
   * other cpus may have come before it or after it, and are in the result or not. Setting the count
   * makes it known all the same.
   */
  public void follow(PageRefKind kind, int val, int ret) {
    switch (kind) {
      case SET -> set(val);
      case MOD, MOD_AND_TEST, MOD_AND_RETURN, UNFREEZE -> value += val;
      case MOD_UNLESS -> value += ret != 0 ? val : 0;
      case FREEZE -> value -= ret != 0 ? val : 0;
    }
  }

  private Verdict set(int val) {
    known = true;
    value = val;
    floor = 0;
    return Verdict.FITS;
  }

  /** Adds without a result; the count cannot fall below zero. */
  private Verdict add(int val) {
    value += val;
    return requireAtLeast(0, val);
  }

  /** Adds, and the count was not zero afterwards. */
  private Verdict addAndStay(int val) {
    value += val;
    if (known && value == 0) {
      return forget(1);
    }
    return requireAtLeast(known ? 0 : 1, val);
  }

  /** Adds to a count that was not zero before. */
  private Verdict addFromUsed(int val) {
    if (known && value <= 0) {
      return forget(1 + val);
    }
    requireAtLeast(1, 0);
    value += val;
    return Verdict.FITS;
  }

  /** Adds, and the count is known afterwards. */
  private Verdict reach(int val, int after) {
    if (after < 0) {
      return become(after, Verdict.UNDERFLOW);
    }
    return become(after, fits(after - val) ? Verdict.FITS : Verdict.CONTRADICTION);
  }

  /** The count is that, and stays so. */
  private Verdict confirm(int now) {
    return become(now, fits(now) ? Verdict.FITS : Verdict.CONTRADICTION);
  }

  private Verdict freeze(int val, int ret) {
    if (ret != 0) {
      return become(0, fits(val) ? Verdict.FITS : Verdict.CONTRADICTION);
    }
    if (known && value == val) {
      return forget(0);
    }
    return Verdict.FITS;
  }

  private Verdict unfreeze(int val) {
    return become(val, fits(0) ? Verdict.FITS : Verdict.CONTRADICTION);
  }

  private boolean fits(int now) {
    return known ? value == now : now - value >= floor;
  }

  private Verdict become(int now, Verdict verdict) {
    set(now);
    return verdict;
  }

  /** What was thought to be known is wrong: all that is left is a least count. */
  private Verdict forget(int least) {
    load(false, 0, least);
    return Verdict.CONTRADICTION;
  }

  /** The count is at least so much now, after an addition of {@code val}. */
  private Verdict requireAtLeast(int least, int val) {
    if (!known) {
      floor = Math.max(floor, least - value);
      return Verdict.FITS;
    }
    if (value >= least) {
      return Verdict.FITS;
    }
    return val < 0 ? Verdict.UNDERFLOW : Verdict.CONTRADICTION;
  }
}
