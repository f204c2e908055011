package dev.pgmap.shell.hmmtests;

import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code kselftest_harness.h}: runs tests, each as a task of its own, and prints TAP. */
final class Harness {
  private static final int SIGNAL_OF_OOPS = 9;

  private final Console console;
  private int passed;
  private int skipped;

  Harness(Console console) {
    this.console = console;
  }

  /** Runs them in order; returns the exit code. */
  int run(List<TestCase> tests) {
    long groups = tests.stream().map(TestCase::group).distinct().count();
    say("TAP version 13");
    say("1..%d", tests.size());
    say("# Starting %d tests from %d test cases.", tests.size(), groups);
    for (int i = 0; i < tests.size(); i++) {
      Console.checkInterrupted();
      run(tests.get(i), i + 1);
    }
    int failed = tests.size() - passed - skipped;
    say(
        "# %s: %d / %d tests passed.",
        failed == 0 ? "PASSED" : "FAILED", passed + skipped, tests.size());
    say("# Totals: pass:%d fail:%d xfail:0 xpass:0 skip:%d error:0", passed, failed, skipped);
    return failed == 0 ? Exit.OK : Exit.FAILED;
  }

  private void say(String format, Object... args) {
    console.out().println(format.formatted(args));
    console.out().flush();
  }

  private void run(TestCase test, int number) {
    say("#  RUN           %s ...", test.fullName());
    String skip = null;
    String failure = null;
    try {
      runAsTask(test);
    } catch (TestSkipped e) {
      skip = String.valueOf(e.getMessage());
    } catch (TestFailed e) {
      failure = "assertion";
      say(
          "# %s",
          String.valueOf(e.getMessage())
              .replaceFirst("^([^:]*:[0-9]*):", "$1:" + test.name() + ":"));
    } catch (TaskSignal e) {
      failure = "unexpectedly by signal " + e.signal();
    } catch (CommandInterrupted e) {
      throw e;
    } catch (RuntimeException e) {
      failure = "unexpectedly by signal " + SIGNAL_OF_OOPS;
      say("# %s", e);
    }
    report(test, number, skip, failure);
  }

  private void report(TestCase test, int number, @Nullable String skip, @Nullable String failure) {
    String name = test.fullName();
    if (failure != null) {
      String how = failure.equals("assertion") ? "by assertion" : failure;
      say("# %s: Test terminated %s", test.name(), how);
      say("#          FAIL  %s", name);
      say("not ok %d %s", number, name);
    } else if (skip != null) {
      skipped++;
      say("#      SKIP      %s", skip);
      say("#            OK  %s", name);
      say("ok %d %s # SKIP %s", number, name, skip);
    } else {
      passed++;
      say("#            OK  %s", name);
      say("ok %d %s", number, name);
    }
  }

  private void runAsTask(TestCase test) {
    Task task = console.machine().newTask("hmm-tests");
    console
        .session()
        .tasks()
        .run(
            task,
            self -> {
              // As a task that ends does it: memory goes first, then files are closed.
              Self fixture = Self.open(console, self, test.devices());
              try {
                test.body().run(fixture);
              } finally {
                self.exit();
                fixture.close();
              }
              return Exit.OK;
            });
  }
}
