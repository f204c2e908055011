package dev.pgmap.shell.command;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Text;

/** A script that ended at a command that failed. */
public final class ScriptStopped extends CommandException {
  private static final long serialVersionUID = 1L;

  private final int line;

  ScriptStopped(int line, String command, int status) {
    super(status, "'" + Text.shorten(command) + "' failed with exit code " + status);
    this.line = line;
  }

  /** The line of the command. */
  public int line() {
    return line;
  }
}
