package dev.pgmap.core.failure;

/** {@code enum mf_result}: what came of handling a failure; the ordinal is the kernel's number. */
enum ActionResult {
  IGNORED("Ignored"),
  FAILED("Failed"),
  DELAYED("Delayed"),
  RECOVERED("Recovered");

  private final String text;

  ActionResult(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
