package dev.pgmap.trace.ledger;

/**
 * What a change of a count did to a page's ledger, for who wants to see each step.
 *
 * @param what what it did
 * @param kind what is counted
 * @param amount how many of that kind
 * @param pid whose lot it was; -1 if it is not known
 * @param stack under which it was acquired; 0 if it is not known
 * @param since when the lot was acquired, in units of the clock; 0 if it is not known
 * @param guessed whether another lot would have fitted as well
 */
public record Effect(
    What what, HoldKind kind, int amount, int pid, int stack, long since, boolean guessed) {
  /** What a change did. */
  public enum What {
    /** Opened or enlarged a lot. */
    ACQUIRED,
    /** Turned references of a fast get into pins. */
    JOINED,
    /** Closed or reduced a lot. */
    RELEASED,
    /** Released what was held from before the recording, or by somebody unknown. */
    RELEASED_BEFORE,
    /** Took the first half of a pin. */
    HALF_UNPINNED,
    /** Set the count: all that was outstanding is gone. */
    DROPPED,
    /** Froze the count at zero; what is outstanding stays so. */
    FROZEN,
    /** Unfroze it. */
    UNFROZEN,
    /** Was refused: nothing changed. */
    REFUSED,
    /** Took more than there was. */
    UNDERFLOW,
    /** Had a result that the ledger cannot explain. */
    CONTRADICTION
  }

  /** Who is not known. */
  public static final int NOBODY = -1;

  /** This and another one of the same lot. */
  public Effect plus(Effect other) {
    return new Effect(
        what, kind, amount + other.amount, pid, stack, since, guessed || other.guessed);
  }

  static Effect of(What what, int amount) {
    return new Effect(what, HoldKind.REFERENCE, amount, NOBODY, 0, 0, false);
  }
}
