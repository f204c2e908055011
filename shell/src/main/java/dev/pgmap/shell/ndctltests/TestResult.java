package dev.pgmap.shell.ndctltests;

import java.util.Locale;

/**
 * What came of a test.
 *
 * @param test which
 * @param verdict how it ended
 * @param reason why it was skipped or failed; else empty
 * @param output what it printed
 * @param nanos how long it took
 */
record TestResult(NdctlTest test, Verdict verdict, String reason, String output, long nanos) {
  /** How a test ends, as meson says it. */
  enum Verdict {
    OK,
    FAIL,
    SKIP
  }

  /** One line of meson's: number, suite, name, verdict, seconds. */
  String line(int number, int count) {
    int width = Integer.toString(count).length();
    String text =
        String.format(
            Locale.ROOT,
            "%" + width + "d/%d ndctl:%-5s / %-24s %-5s %8.2fs",
            number,
            count,
            test.suite(),
            test.name(),
            verdict,
            nanos / 1e9);
    return verdict == Verdict.SKIP ? text + "   exit status 77" : text;
  }
}
