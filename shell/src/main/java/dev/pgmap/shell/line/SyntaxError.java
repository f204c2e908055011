package dev.pgmap.shell.line;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;

/** A command line that cannot be read: where, what was found, what was expected. */
public final class SyntaxError extends CommandException {
  private static final long serialVersionUID = 1L;

  private final int line;

  SyntaxError(int line, String message) {
    super(Exit.USAGE, message);
    this.line = line;
  }

  /** The line of the source, from 1. */
  public int line() {
    return line;
  }
}
