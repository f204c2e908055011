package dev.pgmap.api;

/**
 * The failure of an engine call: the kernel's errno, and what a person needs to mend it.
 *
 * <p>The message reads {@code object: found …, expected …; next step (-ERRNO)}. A call that throws
 * has left nothing behind.
 */
public class MmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /**
   * A failure described in full.
   *
   * @param errno what the kernel would return
   * @param object what the call was about, such as {@code namespace0.0}
   * @param found what was given or met
   * @param expected what the call needs
   * @param nextStep what the caller can do about it; may be empty
   */
  public MmException(Errno errno, String object, String found, String expected, String nextStep) {
    this(errno, object + ": " + found + ", expected " + expected + tail(nextStep));
  }

  /** A failure whose one sentence already says what was found and what was expected. */
  public MmException(Errno errno, String sentence) {
    super(sentence + " (-" + errno + ")");
    this.errno = errno;
  }

  private static String tail(String nextStep) {
    return nextStep.isEmpty() ? "" : "; " + nextStep;
  }

  /** What the kernel would return, negated, for this failure. */
  public final Errno errno() {
    return errno;
  }
}
