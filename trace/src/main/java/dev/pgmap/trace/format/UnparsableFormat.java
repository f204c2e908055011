package dev.pgmap.trace.format;

/** A {@code print fmt} that is not understood; its events are printed field by field. */
final class UnparsableFormat extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnparsableFormat(String why) {
    super(why, null, false, false);
  }
}
