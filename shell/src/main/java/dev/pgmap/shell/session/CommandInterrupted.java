package dev.pgmap.shell.session;

/** A command that ends because it was interrupted, as by Ctrl-C; it has cleaned up after itself. */
public final class CommandInterrupted extends CommandException {
  private static final long serialVersionUID = 1L;

  /** An interruption at this moment. */
  public CommandInterrupted() {
    super(Exit.INTERRUPTED, "interrupted");
  }
}
