package dev.pgmap.shell.guptest;

/** The commands of the {@code gup_test} file, with the calls that they make. */
enum GupIoctl {
  GUP_FAST_BENCHMARK(true, true, false),
  PIN_FAST_BENCHMARK(true, true, true),
  PIN_LONGTERM_BENCHMARK(true, false, true),
  GUP_BASIC_TEST(false, false, false),
  PIN_BASIC_TEST(false, false, true),
  DUMP_USER_PAGES_TEST(false, false, false);

  private final boolean timed;
  private final boolean fast;
  private final boolean pins;

  GupIoctl(boolean timed, boolean fast, boolean pins) {
    this.timed = timed;
    this.fast = fast;
    this.pins = pins;
  }

  /** Whether its times are printed from 5.11 on, and it is repeated. */
  boolean isTimed() {
    return timed;
  }

  /** Whether it uses the fast call. */
  boolean isFast() {
    return fast;
  }

  /** Whether it pins rather than gets; the dump does what it is told. */
  boolean pins() {
    return pins;
  }
}
