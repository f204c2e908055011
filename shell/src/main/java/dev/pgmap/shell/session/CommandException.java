package dev.pgmap.shell.session;

/**
 * A command that cannot be run as it was typed, or a file that cannot be used: found, expected, and
 * the exit code that this means. Nothing was done.
 */
public class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure with an exit code of {@link Exit}. */
  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A command line that is wrong in itself. */
  public static CommandException usage(String format, Object... args) {
    return new CommandException(Exit.USAGE, format.formatted(args));
  }

  /** A value that is malformed. */
  public static CommandException badValue(String what, String found, String expected) {
    return new CommandException(
        Exit.USAGE, "%s: found '%s', expected %s".formatted(what, Text.shorten(found), expected));
  }

  /** The exit code that the command ends with. */
  public final int exitCode() {
    return exitCode;
  }

  /** The message, which is never null. */
  public final String text() {
    return String.valueOf(getMessage());
  }
}
