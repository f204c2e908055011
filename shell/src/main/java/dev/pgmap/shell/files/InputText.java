package dev.pgmap.shell.files;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;

/** What a command that reads text gets: a file of the machine, or what comes through a pipe. */
final class InputText {
  /** The name of what comes through the pipe. */
  static final String PIPE = "-";

  private final Console console;

  InputText(Console console) {
    this.console = console;
  }

  /**
   * The text of a file, or of the pipe.
   *
   * @throws CommandException if there is no pipe
   * @throws dev.pgmap.api.MmException as {@link VirtualFiles#read}
   */
  String read(String path) {
    if (!path.equals(PIPE)) {
      return new VirtualFiles(console.session().lab()).read(path);
    }
    String input = console.input();
    if (input == null) {
      throw CommandException.usage("found nothing to read, expected a FILE, or a pipe before it");
    }
    return input;
  }
}
