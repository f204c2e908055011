package dev.pgmap.shell.conformance;

import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.page.RefSequences;
import dev.pgmap.shell.Shell;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.FastForward;
import dev.pgmap.shell.session.Lab;
import dev.pgmap.shell.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the command of a recording on a machine like the recorded one, in the console that a person
 * types into. Time in which all of it sleeps is skipped.
 */
final class ScenarioRun {
  /** How long a command may work, in real time. */
  private static final long PATIENCE_MILLIS = 120_000;

  /**
   * What came of it.
   *
   * @param sequences what happened to the counts
   * @param printed what was printed, with marks of {@link Capture}
   * @param status the exit code
   * @param log the kernel's messages
   * @param violations what the engine's own checks find wrong afterwards
   */
  record Outcome(
      RefSequences sequences,
      String printed,
      int status,
      List<KernelLog.Entry> log,
      List<String> violations) {}

  private final Path plugins;
  private final RefCapture refs;
  private final Capture capture = new Capture();
  private volatile @Nullable RuntimeException failure;
  private volatile @Nullable Outcome outcome;

  /**
   * A run, which is used once.
   *
   * @param plugins where plugin jars are
   */
  ScenarioRun(Path plugins, RefCapture refs) {
    this.plugins = plugins;
    this.refs = refs;
  }

  /**
   * Runs it.
   *
   * @param earlier what ran before on the same machine, in that order
   * @throws CommandException if the machine cannot be made as it was, or the command does not end
   */
  Outcome run(Recording recording, List<Recording> earlier) throws InterruptedException {
    Recording first = earlier.isEmpty() ? recording : earlier.getFirst();
    RecordedMachine machine = new RecordedMachine(first.start());
    Era era = Era.named(recording.series());
    Lab lab = Lab.boot(machine.spec(first.meta().header("machine"), era), plugins, refs.pageRefs());
    Session session = new Session(lab, plugins, false);
    Shell shell = new Shell(session, capture.out(), capture.err());
    Thread runner =
        inThread(() -> {
          setUp(session, shell, machine, new RecordedFilesystem(first));
          earlier.forEach(before -> new RecordedCommand(before.meta().command()).run(shell));
          record(recording, session, shell);
        });
    try (FastForward skipping = new FastForward(session, runner)) {
      runner.start();
      runner.join(PATIENCE_MILLIS);
    }
    if (runner.isAlive()) {
      // It may wait inside the kernel for good: its machine cannot be given back.
      throw CommandException.usage("does not end within %d s", PATIENCE_MILLIS / 1000);
    }
    session.stop();
    return outcome();
  }

  private Thread inThread(Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .name("scenario")
        .unstarted(() -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            failure = e;
          }
        });
  }

  private Outcome outcome() {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(outcome);
  }

  private void setUp(
      Session session, Shell shell, RecordedMachine machine, RecordedFilesystem filesystem) {
    List<String> lines = new ArrayList<>(machine.setUp());
    lines.addAll(filesystem.setUp());
    for (String line : lines) {
      if (shell.execute(line) != 0) {
        throw CommandException.usage("cannot be set up: %s: %s", line, capture.text());
      }
    }
    machine.check(session.machine().nvdimm().namespaces());
  }

  private void record(Recording recording, Session session, Shell shell) {
    Machine machine = session.machine();
    machine.log().clear();
    capture.clear();
    refs.begin();
    int status = new RecordedCommand(recording.meta().command()).run(shell);
    RefSequences sequences = refs.end();
    List<String> violations = Invariants.check(machine);
    outcome = new Outcome(sequences, capture.text(), status, machine.log().entries(), violations);
  }
}
