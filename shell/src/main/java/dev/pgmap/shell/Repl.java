package dev.pgmap.shell;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Job;
import dev.pgmap.shell.session.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The interactive console: history, completion, Ctrl-C and Ctrl-D.
 *
 * <p>Each line runs in a thread of its own, so that Ctrl-C can interrupt it, and so that a command
 * that waits inside the kernel, where signals do not reach, can be left in the background.
 */
final class Repl {
  private static final long PATIENCE_MILLIS = 1_000;

  private final Session session;
  private final Path history;
  private volatile @Nullable Job running;
  private volatile boolean interrupted;

  Repl(Session session, Path history) {
    this.session = session;
    this.history = history;
  }

  int run() {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      PromptWriter lines = new PromptWriter(terminal.writer());
      PrintWriter out = new PrintWriter(lines);
      Shell shell = new Shell(session, out, out, true);
      LineReader reader = reader(terminal, shell);
      lines.attach(reader);
      terminal.handle(Signal.INT, signal -> interrupt());
      Era era = session.machine().era();
      out.println("era " + era.label() + ": " + era.summary());
      out.println(
          "help lists the commands, help script tells how lines are written; Ctrl-D leaves");
      return loop(reader, shell, out);
    } catch (IOException e) {
      throw new CommandException(Exit.FAILED, "the terminal cannot be used: " + e);
    }
  }

  private LineReader reader(Terminal terminal, Shell shell) {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(true);
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .appName("pgmap")
        .parser(parser)
        .completer(new ShellCompleter(shell))
        .variable(LineReader.HISTORY_FILE, history)
        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
        .build();
  }

  private int loop(LineReader reader, Shell first, PrintWriter out) {
    Shell shell = first;
    while (!shell.isLeaving()) {
      reportEndedJobs(out);
      String line;
      try {
        line = reader.readLine("pgmap " + session.machine().era().name() + "> ");
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        break;
      }
      if (!line.isBlank() && !runLine(shell, line, out)) {
        shell = shell.fork();
      }
    }
    return shell.console().status();
  }

  private void reportEndedJobs(PrintWriter out) {
    for (Job job : session.jobs().all()) {
      if (!job.isRunning()) {
        out.println(job);
        session.jobs().forget(job);
      }
    }
    out.flush();
  }

  /** Runs a line; false if it was left in the background, where it still uses the shell. */
  private boolean runLine(Shell shell, String line, PrintWriter out) {
    interrupted = false;
    Job job = session.jobs().startInForeground(line.strip(), () -> shell.execute(line));
    running = job;
    try {
      while (!job.await(PATIENCE_MILLIS)) {
        if (interrupted && !job.await(PATIENCE_MILLIS)) {
          leave(job, out);
          return false;
        }
      }
      return true;
    } catch (CommandInterrupted e) {
      leave(job, out);
      return false;
    } finally {
      running = null;
    }
  }

  private void leave(Job job, PrintWriter out) {
    int pid = session.machine().mmContext().pids().getAsInt();
    Job adopted = session.jobs().adopt(pid, job);
    out.println(
        "it waits inside the kernel, where Ctrl-C does not reach: left in the background as %"
            + adopted.number());
    out.flush();
  }

  private void interrupt() {
    Job job = running;
    if (job != null) {
      interrupted = true;
      job.interrupt();
    }
  }
}
