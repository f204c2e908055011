package dev.pgmap.trace.ledger.order;

import dev.pgmap.trace.refs.PageRefKind;

/**
 * What is known of one page's count.
 *
 * <p>Before the count is known, {@link #value} is the change since the page was first seen. Some
 * events make it known: see {@link #tells}. What an event shows as {@code count} is never used: it
 * was read later.
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

  /** Sets what is known. */
  public void load(boolean isKnown, int valueNow) {
    known = isKnown;
    value = valueNow;
  }

  /** Copies another state. */
  public void load(CountState other) {
    load(other.known, other.value);
  }

  /**
   * Whether an event tells the count for sure: it was set, returned, found zero or expected and
   * found.
   */
  public static boolean tells(PageRefKind kind, int ret) {
    return switch (kind) {
      case SET, MOD_AND_RETURN, UNFREEZE -> true;
      case MOD_AND_TEST, FREEZE -> ret != 0;
      case MOD_UNLESS -> ret == 0;
      case MOD -> false;
    };
  }

  /** Whether the count is known. */
  public boolean isKnown() {
    return known;
  }

  /** The count if it is known, else its change since the page was first seen. */
  public int value() {
    return value;
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
      case MOD_UNLESS -> ret != 0 ? addFromUsed(val) : become(0, 0);
      case FREEZE -> ret != 0 ? become(val, 0) : differ(val);
      case UNFREEZE -> become(0, val);
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
    return Verdict.FITS;
  }

  /** Adds without a result. */
  private Verdict add(int val) {
    value += val;
    return isNegative() ? Verdict.UNDERFLOW : Verdict.FITS;
  }

  /** Adds, and the count was not zero afterwards. */
  private Verdict addAndStay(int val) {
    value += val;
    if (known && value == 0) {
      return forget();
    }
    return isNegative() ? Verdict.UNDERFLOW : Verdict.FITS;
  }

  /** Adds to a count that was not zero before. */
  private Verdict addFromUsed(int val) {
    if (known && value <= 0) {
      return forget();
    }
    value += val;
    return Verdict.FITS;
  }

  /** Adds, and the count is known afterwards. */
  private Verdict reach(int val, int after) {
    boolean fits = !known || value + val == after;
    set(after);
    return after < 0 ? Verdict.UNDERFLOW : fits ? Verdict.FITS : Verdict.CONTRADICTION;
  }

  /** The count was {@code before} and is {@code after}. */
  private Verdict become(int before, int after) {
    boolean fits = !known || value == before;
    set(after);
    return fits ? Verdict.FITS : Verdict.CONTRADICTION;
  }

  /** A freeze that failed: the count was another one. */
  private Verdict differ(int expected) {
    return known && value == expected ? forget() : Verdict.FITS;
  }

  /** What was thought to be known is wrong. */
  private Verdict forget() {
    load(false, 0);
    return Verdict.CONTRADICTION;
  }

  private boolean isNegative() {
    return known && value < 0;
  }
}
