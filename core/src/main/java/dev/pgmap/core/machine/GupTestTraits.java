package dev.pgmap.core.machine;

/**
 * What the {@code gup_test} of a kernel offers and prints.
 *
 * @param output the form of its lines
 * @param dumpTest whether {@code -c} exists
 * @param pinLongtermTest whether pins can be held by PIN_LONGTERM_TEST_START and STOP
 * @param longtermFlag the number of FOLL_LONGTERM that {@code -F} takes
 */
public record GupTestTraits(
    Output output, boolean dumpTest, boolean pinLongtermTest, int longtermFlag) {

  /** The form of the lines. */
  public enum Output {
    /** {@code Time: get:N put:N us}. */
    BARE,
    /** {@code PIN_FAST_BENCHMARK: Time: get:N put:N us}. */
    NAMED,
    /** kselftest TAP. */
    TAP
  }
}
