package dev.pgmap.trace.ledger;

/** How sure it is that a reference is outstanding, and by whom; the worst comes last. */
public enum Certainty {
  /**
   * Every release of the page was put down to the same task's acquisition, to one of the matching
   * functions, or there was no choice.
   */
  SURE("sure"),
  /** Something is outstanding; which of several acquisitions it is was a guess: the latest went. */
  PAIRING_GUESSED("which one is a guess"),
  /** Events of several cpus allow more than one order, and it matters whose reference is left. */
  ORDER_AMBIGUOUS("order ambiguous"),
  /** References from before the recording may have been released in place of this one. */
  START_UNKNOWN("start unknown"),
  /** Events were lost, or are missing, while it was outstanding: it may have been released. */
  EVENTS_LOST("events lost");

  private final String text;

  Certainty(String text) {
    this.text = text;
  }

  /** A few words for a report. */
  public String text() {
    return text;
  }

  /** The worse of two. */
  public Certainty or(Certainty other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
