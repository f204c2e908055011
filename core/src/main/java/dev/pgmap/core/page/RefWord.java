package dev.pgmap.core.page;

/**
 * The reference word: a page's count and its counting scheme in one 32-bit atomic.
 *
 * <pre>
 *   31                                      1   0
 *  +------------------------------------------+---+
 *  | user references (31 bits, signed)        | B |
 *  +------------------------------------------+---+
 * </pre>
 *
 * <p>B says that the engine holds the base reference of a 1-based scheme. What a kernel would show
 * as {@code _refcount} is users + B, which is {@link #raw}. A page is idle when it has no users,
 * whatever B is. A get from zero is allowed exactly when B is set, which is the same as "the word
 * is not zero"; a put that leaves the word zero is the final one. So the kernel's atomics work on
 * the word as it stands, with every amount doubled, and no code needs to know the scheme of a page.
 * Clearing B of every page, one by one and while gets and puts go on, turns a 1-based pgmap into a
 * 0-based one: the sum over users is untouched, and each page keeps saying itself what it is.
 *
 * <p>The price is one bit of range: 2^30 - 1 user references instead of 2^31 - 1, that is 1,048,575
 * pins of one base page with the bias of 1024.
 */
public final class RefWord {
  /** The base reference. */
  public static final int BASE = 1;

  /** One user reference. */
  public static final int USER = 2;

  /** {@code GUP_PIN_COUNTING_BIAS}: what a pin of a page without a pin count adds. */
  public static final int PIN_BIAS = 1024;

  private RefWord() {}

  /** The word of a page with these references. */
  public static int of(boolean base, int users) {
    return users << 1 | (base ? BASE : 0);
  }

  /** {@code _refcount} as a kernel with this page's scheme would show it. */
  public static int raw(int word) {
    return (word >> 1) + (word & BASE);
  }

  /** References that users hold. */
  public static int users(int word) {
    return word >> 1;
  }

  /** Whether nobody uses the page. */
  public static boolean isIdle(int word) {
    return word >>> 1 == 0;
  }

  /** Whether the engine holds the base reference. */
  public static boolean hasBase(int word) {
    return (word & BASE) != 0;
  }
}
