package dev.pgmap.shell;

import dev.pgmap.shell.command.CommandRunner;
import dev.pgmap.shell.command.Interpreter;
import dev.pgmap.shell.command.Registry;
import dev.pgmap.shell.command.ScriptStopped;
import dev.pgmap.shell.format.TextFile;
import dev.pgmap.shell.line.Parser;
import dev.pgmap.shell.line.Statement;
import dev.pgmap.shell.line.SyntaxError;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Session;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs command lines and scripts on a session; usable without a process or a terminal.
 *
 * <p>Belongs to one thread, as its console does. Jobs outlive the call that started them.
 */
public final class Shell {
  private static final int MAX_LINE = 1 << 20;

  private final Registry registry;
  private final Console console;

  /** A shell that prints there, and shows no progress. */
  public Shell(Session session, PrintWriter out, PrintWriter err) {
    this(session, out, err, false);
  }

  /**
   * A shell that prints there.
   *
   * @param terminal whether the error stream is a terminal, so that progress may be shown
   */
  public Shell(Session session, PrintWriter out, PrintWriter err, boolean terminal) {
    this.registry = Commands.all();
    this.console = new Console(session, new CommandRunner(registry), out, err, terminal);
  }

  private Shell(Registry registry, Console console) {
    this.registry = registry;
    this.console = console;
  }

  /** Another shell on the same session, with a copy of the variables, for another thread. */
  Shell fork() {
    return new Shell(registry, console.forJob());
  }

  /** The commands it knows. */
  Registry registry() {
    return registry;
  }

  /** Where it runs commands. */
  Console console() {
    return console;
  }

  /** Whether {@code exit} was typed. */
  public boolean isLeaving() {
    return console.isLeaving();
  }

  /** Runs a line of commands; a failing one does not keep the next from running. */
  public int execute(String line) {
    try {
      checkLength(line);
      int status = new Interpreter(false).run(console, Parser.parse(line, 1));
      flush();
      return status;
    } catch (CommandException e) {
      return complain(e.text(), e.exitCode());
    }
  }

  /** Runs one command that is given as its words. */
  public int execute(List<String> words) {
    int status = console.run(words);
    flush();
    return status;
  }

  /**
   * Runs a script up to the first command that fails.
   *
   * @param arguments what it finds as {@code $1} and so on, and {@code $@}
   * @return 0; the exit code of that command; 3 if the file cannot be read or has a syntax error:
   *     nothing was run then
   */
  public int runScript(Path file, List<String> arguments) {
    console.setArguments(arguments);
    try {
      return runScript(file.toString(), TextFile.read("script", file));
    } catch (CommandException e) {
      return complain(e.text(), e.exitCode());
    }
  }

  /** Runs a script that was read already; the name is for messages. */
  public int runScript(String name, String text) {
    List<Statement> statements;
    try {
      checkLines(text);
      statements = Parser.parse(text, 1);
      if (statements.isEmpty()) {
        return complain(name + ": found no command in it, expected at least one", Exit.BAD_FILE);
      }
    } catch (SyntaxError e) {
      return complain(name + ":" + e.line() + ": " + e.text(), Exit.BAD_FILE);
    } catch (CommandException e) {
      return complain(name + ":" + e.text(), Exit.BAD_FILE);
    }
    try {
      int status = new Interpreter(true).run(console, statements);
      flush();
      return status;
    } catch (ScriptStopped e) {
      return complain(name + ":" + e.line() + ": " + e.text(), e.exitCode());
    }
  }

  private static void checkLines(String text) {
    int line = 1;
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (end - start > MAX_LINE) {
        throw new CommandException(
            Exit.BAD_FILE,
            line
                + ": found a line of "
                + (end - start)
                + " characters, expected at most "
                + MAX_LINE);
      }
      start = end + 1;
      line++;
    }
  }

  private static void checkLength(String line) {
    if (line.length() > MAX_LINE) {
      throw CommandException.usage(
          "found a line of %d characters, expected at most %d", line.length(), MAX_LINE);
    }
  }

  private int complain(String message, int status) {
    console.out().flush();
    console.err().println(message);
    flush();
    console.ended(status, null);
    return status;
  }

  private void flush() {
    console.out().flush();
    console.err().flush();
  }
}
