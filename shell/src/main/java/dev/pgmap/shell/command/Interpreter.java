package dev.pgmap.shell.command;

import dev.pgmap.api.MmException;
import dev.pgmap.shell.line.Parser;
import dev.pgmap.shell.line.Statement;
import dev.pgmap.shell.line.Statement.Background;
import dev.pgmap.shell.line.Statement.Block;
import dev.pgmap.shell.line.Statement.Chain;
import dev.pgmap.shell.line.Statement.Loop;
import dev.pgmap.shell.line.Statement.Pipeline;
import dev.pgmap.shell.line.Statement.Simple;
import dev.pgmap.shell.session.BrokenPipe;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Processes;
import java.util.List;

/**
 * Runs parsed commands on a console.
 *
 * <p>Stateless but for what it was made with, so that one serves all threads.
 */
public final class Interpreter {
  private final Expander expander = new Expander();
  private final Redirection redirection;
  private final boolean stopAtFailure;

  /**
   * An interpreter.
   *
   * @param stopAtFailure whether the first failing command that does not begin with {@code -} ends
   *     everything, as {@code sh -e} does
   */
  public Interpreter(boolean stopAtFailure) {
    this.redirection = new Redirection();
    this.stopAtFailure = stopAtFailure;
  }

  /**
   * Runs commands one after the other; returns the exit code of the last.
   *
   * @throws ScriptStopped at the first failure, if it is to stop there
   */
  public int run(Console console, List<Statement> statements) {
    for (Statement statement : statements) {
      if (console.isLeaving()) {
        break;
      }
      run(console, statement);
      if (console.isLeaving()) {
        break;
      }
      if (console.status() == Exit.INTERRUPTED && !stopAtFailure) {
        break;
      }
      if (stopAtFailure && console.status() != Exit.OK && !statement.mayFail()) {
        throw new ScriptStopped(statement.line(), statement.text(), console.status());
      }
    }
    return console.status();
  }

  private void run(Console console, Statement statement) {
    switch (statement) {
      case Simple simple -> simple(console, simple);
      case Pipeline pipeline -> new PipelineRun(console, this::apart).run(pipeline.stages());
      case Block block -> run(console, block.body());
      case Background background -> background(console, background);
      case Chain chain -> chain(console, chain);
      case Loop loop -> loop(console, loop);
    }
  }

  private void simple(Console console, Simple command) {
    try {
      List<String> words = expander.expand(console, command.words());
      if (words.isEmpty()) {
        console.ended(Exit.OK, null);
      } else if (command.redirect() != null) {
        String target = expander.expandOne(console, command.redirect().target());
        redirection.run(console, words, console.resolve(target), command.redirect().append());
      } else if (!assignment(console, words)) {
        console.run(words);
      }
    } catch (BrokenPipe e) {
      throw e;
    } catch (CommandException e) {
      complain(console, e.text());
      console.ended(e.exitCode(), null);
    } catch (MmException e) {
      complain(console, String.valueOf(e.getMessage()));
      console.ended(Exit.FAILED, e.errno());
    }
  }

  private static void complain(Console console, String message) {
    console.out().flush();
    console.err().println(message);
    console.err().flush();
  }

  private static boolean assignment(Console console, List<String> words) {
    int equals = words.getFirst().indexOf('=');
    if (words.size() != 1 || equals < 1 || !Parser.isName(words.getFirst().substring(0, equals))) {
      return false;
    }
    console.setVariable(
        words.getFirst().substring(0, equals), words.getFirst().substring(equals + 1));
    console.ended(Exit.OK, null);
    return true;
  }

  private void background(Console console, Background background) {
    Console own = console.forJob();
    Statement body = background.body();
    int pid = console.machine().mmContext().pids().getAsInt();
    Processes processes = console.session().lab().processes();
    processes.enter(pid, body.text());
    console
        .session()
        .jobs()
        .start(pid, body.text(), () -> processes.runEntered(pid, () -> apart(own, body)));
    console.setVariable("!", Integer.toString(pid));
    console.ended(Exit.OK, null);
  }

  /** Runs what is no part of the console's own sequence: a job, or a stage of a pipe. */
  private int apart(Console own, Statement body) {
    try {
      run(own, body);
      return own.status();
    } catch (BrokenPipe e) {
      return e.exitCode();
    } catch (CommandException e) {
      complain(own, e.text());
      return e.exitCode();
    }
  }

  private void chain(Console console, Chain chain) {
    run(console, chain.left());
    boolean failed = console.status() != Exit.OK;
    if (failed == chain.or() && console.status() != Exit.INTERRUPTED) {
      run(console, chain.right());
    }
  }

  private void loop(Console console, Loop loop) {
    List<String> values = expander.expand(console, loop.values());
    console.ended(Exit.OK, null);
    for (String value : values) {
      console.setVariable(loop.variable(), value);
      run(console, loop.body());
      if (console.status() == Exit.INTERRUPTED) {
        return;
      }
    }
  }
}
