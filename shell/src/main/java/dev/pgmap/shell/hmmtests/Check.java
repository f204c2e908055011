package dev.pgmap.shell.hmmtests;

/** Assertions of tests, with the messages of the harness. */
final class Check {
  private Check() {}

  /** Fails unless both are the same. */
  static void equal(String what, long found, String expectedAs, long expected) {
    if (found != expected) {
      throw new TestFailed(
          "%s:Expected %s (%d) == %s (%d)".formatted(caller(), what, found, expectedAs, expected));
    }
  }

  /** Fails unless a call returned what it should. */
  static void ret(long found, long expected) {
    equal("ret", found, Long.toString(expected), expected);
  }

  /** Fails unless a byte of a snapshot is what it should be. */
  static void prot(int page, int found, int expected) {
    equal("m[" + page + "]", found, "prot", expected);
  }

  /** File and line of the test, and the test's name stands after it. */
  private static String caller() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .dropWhile(frame -> frame.getClassName().equals(Check.class.getName()))
                .dropWhile(frame -> frame.getClassName().equals(Buffer.class.getName()))
                .findFirst()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("?"));
  }
}
