package dev.pgmap.shell.hmmtests;

/** An assertion of a test that does not hold; the message is what the harness prints. */
final class TestFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TestFailed(String message) {
    super(message);
  }
}
