package dev.pgmap.shell.command;

import dev.pgmap.shell.line.Statement;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Job;
import dev.pgmap.shell.session.Jobs;
import dev.pgmap.shell.session.Pipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code a | b | c}: all stages at once, each but the last in a thread of its own. When
 * the last has ended, those before it are not read any more and end at the next thing they print.
 */
final class PipelineRun {
  private static final long STOP_MILLIS = 1_000;

  private final Console console;
  private final BiFunction<Console, Statement, Integer> stage;
  private final List<Job> feeders = new ArrayList<>();

  /**
   * A run.
   *
   * @param stage runs one stage on a console of its own and returns its exit code
   */
  PipelineRun(Console console, BiFunction<Console, Statement, Integer> stage) {
    this.console = console;
    this.stage = stage;
  }

  /** Runs it; the exit code is that of the last stage. */
  void run(List<Statement> stages) {
    Reader input = console.input();
    try {
      for (Statement feeder : stages.subList(0, stages.size() - 1)) {
        Pipe pipe = new Pipe();
        start(feeder, input, pipe.writer());
        input = pipe.reader();
      }
      Console last = console.withOut(console.out());
      last.setInput(input);
      int status = stage.apply(last, stages.getLast());
      console.ended(status, last.errno());
    } finally {
      if (!feeders.isEmpty()) {
        close(input);
        awaitFeeders();
      }
    }
  }

  private void start(Statement feeder, @Nullable Reader input, PrintWriter out) {
    Console inner = console.withOut(out);
    inner.setInput(input);
    boolean ownsInput = !feeders.isEmpty();
    Jobs jobs = console.session().jobs();
    feeders.add(
        jobs.startStage(
            feeder.text(),
            () -> {
              try {
                return stage.apply(inner, feeder);
              } finally {
                out.close();
                if (ownsInput) {
                  close(input);
                }
              }
            }));
  }

  private static void close(@Nullable Reader input) {
    if (input != null) {
      try {
        input.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void awaitFeeders() {
    Jobs jobs = console.session().jobs();
    if (console.status() == Exit.INTERRUPTED || !jobs.awaitStages(feeders)) {
      jobs.stopStages(feeders, STOP_MILLIS);
      console.ended(Exit.INTERRUPTED, null);
    }
  }
}
