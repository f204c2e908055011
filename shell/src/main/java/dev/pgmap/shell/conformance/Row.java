package dev.pgmap.shell.conformance;

/**
 * What came of one recording.
 *
 * @param recording which
 * @param nrEvents how many page_ref events were recorded
 * @param verdict how it ended
 * @param difference the first difference, or why it was not run; empty for a match
 * @param explanation of a known difference; else empty
 */
record Row(
    Recording recording, long nrEvents, Verdict verdict, String difference, String explanation) {

  /** How it ended. */
  enum Verdict {
    MATCH("match"),
    /** As much as was recorded matches: no page_ref events were. */
    RESULT_MATCHES("result matches, events not recorded"),
    /** As much as was recorded matches: the oldest events were lost. */
    END_MATCHES("match, oldest events lost when recorded"),
    EXPLAINED("differs, explained"),
    NOT_RUN("not run"),
    DIFFERS("DIFFERS"),
    /** It was explained, but there is no such difference any more. */
    EXPLANATION_IS_OLD("EXPLANATION IS OLD");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    boolean isMatch() {
      return this == MATCH || this == RESULT_MATCHES || this == END_MATCHES;
    }

    boolean isFailure() {
      return this == DIFFERS || this == EXPLANATION_IS_OLD;
    }
  }
}
