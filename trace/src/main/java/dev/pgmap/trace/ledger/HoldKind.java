package dev.pgmap.trace.ledger;

/** What a lot is counted in. */
public enum HoldKind {
  /** A reference: one of the count. */
  REFERENCE("reference", 1),
  /** A pin of a single page: {@code GUP_PIN_COUNTING_BIAS} of the count. */
  PIN("pin", HoldKind.PIN_BIAS),
  /** A reference on a large folio, which may be a pin: the count does not tell. */
  FOLIO_REFERENCE("reference (large folio: a pin shows as a reference)", 1),
  /** What is left of a pin after the first half of its release (kernels up to 5.10). */
  HALF_UNPIN("half-released pin", 1);

  /** {@code GUP_PIN_COUNTING_BIAS}. */
  public static final int PIN_BIAS = 1024;

  private static final HoldKind[] ALL = values();

  private final String text;
  private final int refs;

  HoldKind(String text, int refs) {
    this.text = text;
    this.refs = refs;
  }

  /** What one is called. */
  public String text() {
    return text;
  }

  /** How much of the count one is. */
  public int refs() {
    return refs;
  }

  static HoldKind at(int ordinal) {
    return ALL[ordinal];
  }
}
