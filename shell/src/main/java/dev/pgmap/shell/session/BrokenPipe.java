package dev.pgmap.shell.session;

/**
 * A command that ends because nobody reads what it prints any more, as SIGPIPE ends one; it says
 * nothing about that.
 */
public final class BrokenPipe extends CommandException {
  private static final long serialVersionUID = 1L;

  /** The exit code of a program that a SIGPIPE ended. */
  private static final int STATUS = 141;

  /** Nobody reads any more. */
  public BrokenPipe() {
    super(STATUS, "broken pipe");
  }
}
