package dev.pgmap.shell.files;

import dev.pgmap.shell.session.BrokenPipe;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.function.Predicate;

/** What a command that reads text gets: a file of the machine, or what comes through a pipe. */
public final class InputText {
  /** The name of what comes through the pipe. */
  static final String PIPE = "-";

  private static final int CHUNK_CHARS = 1 << 13;

  private final Console console;

  /** What that console's command reads. */
  public InputText(Console console) {
    this.console = console;
  }

  /**
   * The text of a file, or of the pipe, as it comes.
   *
   * @throws CommandException if there is no pipe
   * @throws dev.pgmap.api.MmException as {@link VirtualFiles#read}
   */
  private Reader open(String path) {
    if (!path.equals(PIPE)) {
      return new VirtualFiles(console.session().lab())
          .open(console.resolve(path), this::checkOutput);
    }
    Reader input = console.input();
    if (input == null) {
      throw CommandException.usage("found nothing to read, expected a FILE, or a pipe before it");
    }
    return input;
  }

  /** Nobody may read any more what will be printed when there is something to print. */
  private void checkOutput() {
    if (console.out().checkError()) {
      throw new BrokenPipe();
    }
  }

  /** Prints all of it, each piece as it comes. */
  void copy(String path) {
    try {
      Reader reader = open(path);
      char[] chunk = new char[CHUNK_CHARS];
      for (int length = reader.read(chunk); length >= 0; length = reader.read(chunk)) {
        console.out().write(chunk, 0, length);
        flushUnlessMoreCame(reader);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static RuntimeException failed(IOException e) {
    return e instanceof InterruptedIOException
        ? new CommandInterrupted()
        : new UncheckedIOException(e);
  }

  /** All of it. */
  public String all(String path) {
    StringBuilder text = new StringBuilder();
    lines(path, line -> text.append(line).append('\n').length() > 0);
    return text.toString();
  }

  /** Goes through its lines as they come, as long as one is wanted. */
  void lines(String path, Predicate<String> wantsMore) {
    try {
      BufferedReader reader = new BufferedReader(open(path));
      String line = reader.readLine();
      while (line != null && wantsMore.test(line)) {
        flushUnlessMoreCame(reader);
        line = reader.readLine();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void flushUnlessMoreCame(Reader reader) throws IOException {
    if (!reader.ready()) {
      console.out().flush();
    }
  }
}
