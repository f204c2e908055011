package dev.pgmap.trace.replay;

import dev.pgmap.core.page.RefWord;
import dev.pgmap.trace.refs.PageRefKind;

/**
 * A kind of change to a count, without its exact number of pages: what one kernel does and another
 * does not.
 *
 * @param kind the event
 * @param amount what class of number it adds or sets
 * @param large whether the page is the head of a large folio
 */
public record CountChange(PageRefKind kind, Amount amount, boolean large) {
  /** A class of numbers. */
  public enum Amount {
    ZERO("0"),
    /** One reference taken. */
    ONE("+1"),
    /** One reference dropped. */
    MINUS_ONE("-1"),
    /** References of several pages. */
    MANY("+N"),
    MINUS_MANY("-N"),
    /** What a pin is more than a reference, for any number of pages. */
    PIN_REST("+1023*N"),
    MINUS_PIN_REST("-1023*N"),
    /** Pins of single pages. */
    PIN("+1024*N"),
    MINUS_PIN("-1024*N");

    private final String text;

    Amount(String text) {
      this.text = text;
    }

    static Amount of(int val, boolean large) {
      int size = Math.abs(val);
      boolean up = val > 0;
      if (val == 0) {
        return ZERO;
      }
      if (!large && size % RefWord.PIN_BIAS == 0) {
        return up ? PIN : MINUS_PIN;
      }
      if (!large && size % (RefWord.PIN_BIAS - 1) == 0) {
        return up ? PIN_REST : MINUS_PIN_REST;
      }
      return size == 1 ? up ? ONE : MINUS_ONE : up ? MANY : MINUS_MANY;
    }
  }

  /** The class of one change. */
  public static CountChange of(PageRefKind kind, int val, boolean large) {
    return new CountChange(kind, Amount.of(val, large), large);
  }

  @Override
  public String toString() {
    return kind.shortName() + "(" + amount.text + ")";
  }
}
