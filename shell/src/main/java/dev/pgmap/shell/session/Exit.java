package dev.pgmap.shell.session;

/** Exit codes of commands and of the program. */
public final class Exit {
  /** All went well. */
  public static final int OK = 0;

  /** The command failed; its errno is in the message. */
  public static final int FAILED = 1;

  /** There is no such command or option, or a value is malformed; nothing was done. */
  public static final int USAGE = 2;

  /** A machine or script file or a recording cannot be used; nothing of it was run. */
  public static final int BAD_FILE = 3;

  /** What {@code timeout} returns when time was up. */
  public static final int TIMED_OUT = 124;

  /** Interrupted, as by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  private Exit() {}
}
