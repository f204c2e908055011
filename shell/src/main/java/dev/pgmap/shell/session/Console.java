package dev.pgmap.shell.session;

import dev.pgmap.api.Errno;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Task;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where commands run: output streams, variables, and the session behind them. Belongs to one
 * thread.
 */
public final class Console {
  /** Runs a command that is given as its words, and returns its exit code. */
  public interface Runner {
    /** Runs it on that console. */
    int run(Console console, List<String> words);
  }

  private final Session session;
  private final Runner runner;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final Map<String, String> variables;
  private List<String> arguments = List.of();
  private @Nullable Reader input;
  private String directory = "/";
  private int status;
  private @Nullable Errno errno;
  private boolean leaving;

  /**
   * A console.
   *
   * @param terminal whether the error stream is a terminal, so that progress may be shown there
   */
  public Console(
      Session session, Runner runner, PrintWriter out, PrintWriter err, boolean terminal) {
    this(session, runner, out, err, terminal, Map.of());
  }

  private Console(
      Session session,
      Runner runner,
      PrintWriter out,
      PrintWriter err,
      boolean terminal,
      Map<String, String> variables) {
    this.session = session;
    this.runner = runner;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.variables = new HashMap<>(variables);
  }

  /** The same with another output and a copy of the variables. */
  public Console withOut(PrintWriter other) {
    Console inner = new Console(session, runner, other, err, terminal, variables);
    inner.ended(status, errno);
    inner.arguments = arguments;
    inner.input = input;
    inner.directory = directory;
    return inner;
  }

  /** The same with one place for what is printed and what is complained, and no progress lines. */
  public Console withAllOutput(PrintWriter other) {
    Console inner = new Console(session, runner, other, other, false, variables);
    inner.directory = directory;
    return inner;
  }

  /** The same for a job: a copy of the variables, and no progress lines. */
  public Console forJob() {
    Console own = new Console(session, runner, out, err, false, variables);
    own.arguments = arguments;
    own.directory = directory;
    return own;
  }

  /** The session. */
  public Session session() {
    return session;
  }

  /** The machine that is booted now. */
  public Machine machine() {
    return session.machine();
  }

  /** What commands print. */
  public PrintWriter out() {
    return out;
  }

  /** What they complain on. */
  public PrintWriter err() {
    return err;
  }

  /** What the command before it in a pipe prints; null outside of a pipe. */
  public @Nullable Reader input() {
    return input;
  }

  /** Gives the next commands something to read; null for nothing. */
  public void setInput(@Nullable Reader text) {
    input = text;
  }

  /** Where relative paths begin: an absolute path of the machine. */
  public String directory() {
    return directory;
  }

  /** Goes to a directory, given as {@link #resolve} makes it. */
  public void enter(String absolute) {
    directory = absolute;
  }

  /** A path of the machine as an absolute one, without {@code .} and {@code ..}. */
  public String resolve(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : (path.startsWith("/") ? path : directory + "/" + path).split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /** Runs a command inside of another one. */
  public int run(List<String> words) {
    return runner.run(this, words);
  }

  /** Runs a program as a task of its own, which ends with it. */
  public int runAsTask(String comm, Function<Task, Integer> program) {
    return session.tasks().run(machine().newTask(comm), program);
  }

  /** A variable; empty if it was never set. */
  public String variable(String name) {
    return switch (name) {
      case "?" -> Integer.toString(status);
      case "#" -> Integer.toString(arguments.size());
      case "@" -> String.join(" ", arguments);
      default -> variables.getOrDefault(name, argument(name));
    };
  }

  private String argument(String name) {
    int number = name.length() == 1 ? Character.digit(name.charAt(0), 10) : -1;
    return number >= 1 && number <= arguments.size() ? arguments.get(number - 1) : "";
  }

  /** The words after the script's name: {@code $1} and so on. */
  public List<String> arguments() {
    return arguments;
  }

  /** Sets the words after the script's name. */
  public void setArguments(List<String> words) {
    arguments = List.copyOf(words);
  }

  /** Sets a variable. */
  public void setVariable(String name, String value) {
    variables.put(name, value);
  }

  /** The exit code of the last command, {@code $?}. */
  public int status() {
    return status;
  }

  /** Notes how a command ended. */
  public void ended(int newStatus, @Nullable Errno newErrno) {
    status = newStatus;
    errno = newErrno;
  }

  /** The errno that the last command failed with; null if it did not, or failed otherwise. */
  public @Nullable Errno errno() {
    return errno;
  }

  /** Asks for the end of the script or of the session. */
  public void leave() {
    leaving = true;
  }

  /** Whether the end was asked for. */
  public boolean isLeaving() {
    return leaving;
  }

  /** A line that shows how far some work is, where that can be seen. */
  public Progress progress(String what, long total) {
    return new Progress(err, terminal, what, total);
  }

  /**
   * Ends the command if its thread was interrupted.
   *
   * @throws CommandInterrupted if it was
   */
  public static void checkInterrupted() {
    if (Thread.interrupted()) {
      throw new CommandInterrupted();
    }
  }

  /**
   * Sleeps on the machine's clock.
   *
   * @throws CommandInterrupted if the thread is interrupted meanwhile
   */
  public void sleep(long nanos) {
    try {
      machine().sync().clock().sleepNanos(nanos);
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    }
  }
}
