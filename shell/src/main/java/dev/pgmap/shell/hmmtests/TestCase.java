package dev.pgmap.shell.hmmtests;

/**
 * One test in one variant of its fixture.
 *
 * @param fixture {@code hmm} (one device) or {@code hmm2} (two)
 * @param variant its name, or empty in kernels whose tests have none
 * @param name the test's
 * @param devices the numbers of the devices that it opens
 * @param body what it does
 */
record TestCase(String fixture, String variant, String name, int[] devices, Body body) {
  /** What a test does; an assertion that fails ends it. */
  @FunctionalInterface
  interface Body {
    void run(Self self);
  }

  /** As the harness names it, such as {@code hmm.hmm_device_private.migrate}. */
  String fullName() {
    return variant.isEmpty() ? fixture + "." + name : fixture + "." + variant + "." + name;
  }

  /** The test case, in the harness's words, that it belongs to: fixture and variant. */
  String group() {
    return fixture + "." + variant;
  }
}
