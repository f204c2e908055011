package dev.pgmap.shell.ndctltests;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.Shell;
import dev.pgmap.shell.ndctltests.TestResult.Verdict;
import dev.pgmap.shell.session.FastForward;
import dev.pgmap.shell.session.Lab;
import dev.pgmap.shell.session.Session;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of one test, on a machine of its own. Its script ends with exit code 0 if all is well, 77
 * to be skipped; afterwards the machine has to be as it was, and sound. Time in which it sleeps is
 * skipped.
 */
final class TestRun {
  /** The exit code by which a test asks to be skipped. */
  static final int SKIPPED = 77;

  /** How long a test may take: the timeout of the suite. */
  private static final long PATIENCE_MILLIS = 600_000;

  private final NdctlTest test;
  private final String script;
  private final StringWriter output = new StringWriter();
  private volatile @Nullable RuntimeException failure;
  private volatile int status;
  private volatile List<String> findings = List.of();

  /** A run of a script under the name of a test; it is not read if the test is skipped. */
  TestRun(NdctlTest test, String script) {
    this.test = test;
    this.script = script;
  }

  /** A run of a test. */
  static TestRun of(NdctlTest test) {
    return new TestRun(test, test.skipReason().isEmpty() ? test.script() : "");
  }

  /** Runs it, or says why not. */
  TestResult run(MachineSpec like, Path plugins) throws InterruptedException {
    long start = System.nanoTime();
    if (!test.skipReason().isEmpty()) {
      return result(Verdict.SKIP, test.skipReason(), start);
    }
    Lab lab = Lab.boot(TestMachine.like(like), plugins);
    Session session = new Session(lab, plugins, false);
    Thread runner =
        Thread.ofPlatform().daemon().name(test.name()).unstarted(() -> runScript(session));
    try (FastForward skipping = new FastForward(session, runner)) {
      runner.start();
      runner.join(PATIENCE_MILLIS);
    }
    if (runner.isAlive()) {
      // It may wait inside the kernel for good: its machine cannot be given back.
      return result(Verdict.FAIL, "does not end within 600 s", start);
    }
    session.stop();
    return verdict(start);
  }

  private void runScript(Session session) {
    try {
      List<String> before = TestMachine.state(session.machine());
      PrintWriter printer = new PrintWriter(output);
      status = new Shell(session, printer, printer).runScript(test.name(), script);
      findings = status == SKIPPED ? List.of() : TestMachine.findings(session.machine(), before);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private TestResult verdict(long start) {
    List<String> wrong = new ArrayList<>();
    if (failure != null) {
      wrong.add(failure.toString());
    }
    if (status != 0) {
      wrong.add("exit status " + status + ": " + lastLine());
    }
    wrong.addAll(findings);
    if (failure == null && status == SKIPPED) {
      return result(Verdict.SKIP, lastLine(), start);
    }
    return wrong.isEmpty()
        ? result(Verdict.OK, "", start)
        : result(Verdict.FAIL, String.join("; ", wrong), start);
  }

  private String lastLine() {
    return output.toString().lines().reduce("", (before, line) -> line);
  }

  private TestResult result(Verdict verdict, String reason, long start) {
    return new TestResult(test, verdict, reason, output.toString(), System.nanoTime() - start);
  }
}
