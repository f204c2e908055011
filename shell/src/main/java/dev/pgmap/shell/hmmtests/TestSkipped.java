package dev.pgmap.shell.hmmtests;

/** A test that cannot run here; the message says why. */
final class TestSkipped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TestSkipped(String message) {
    super(message);
  }
}
