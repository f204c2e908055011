package dev.pgmap.shell.ndctltests;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;

/** What a program of the suite demands; a failure ends it with exit code 1. */
final class Checks {
  private Checks() {}

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new CommandException(Exit.FAILED, "found otherwise, expected that " + what);
    }
  }

  /** A call that has to fail with one of these. */
  static void fails(Runnable call, String what, Errno... expected) {
    try {
      call.run();
    } catch (MmException e) {
      check(
          List.of(expected).contains(e.errno()),
          what + " fails with " + List.of(expected) + ": " + e);
      return;
    }
    check(false, what + " fails");
  }

  /** An access that has to end with SIGBUS. */
  static void sigbus(Runnable access, String what) {
    try {
      access.run();
    } catch (TaskSignal e) {
      check(e.signal() == TaskSignal.SIGBUS, what + " gets SIGBUS: " + e);
      return;
    }
    check(false, what + " gets SIGBUS");
  }

  /** A command that has to go well. */
  static void run(Console console, String line) {
    check(console.run(List.of(line.split(" "))) == Exit.OK, line + " goes well");
  }
}
