package dev.pgmap.shell.guptest;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.sync.Clock;
import dev.pgmap.shell.session.CommandInterrupted;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * The kernel side of gup_test: takes all pages of a range call by call, then drops them.
 *
 * <p>Follows {@code __gup_test_ioctl}: a call that takes fewer pages than asked for ends the loop
 * at the next turn, a call that takes none ends it at once; neither is an error. Used by one
 * thread.
 */
final class GupTestLoop {
  private static final int PAGE_SHIFT = 12;

  private final Machine machine;
  private final Gup gup;
  private final Clock clock;
  private final Mm mm;
  private final GupTestPlan plan;
  private final PrintWriter notes;
  private final int flags;
  private final boolean pins;

  GupTestLoop(Machine machine, Mm mm, GupTestPlan plan, PrintWriter notes) {
    this.machine = machine;
    this.gup = machine.gup();
    this.clock = machine.sync().clock();
    this.mm = mm;
    this.plan = plan;
    this.notes = notes;
    this.pins = plan.pins();
    this.flags =
        plan.gupFlags() | (plan.ioctl() == GupIoctl.PIN_LONGTERM_BENCHMARK ? FollFlag.LONGTERM : 0);
  }

  /** The range was taken up to here, with so many pages. */
  private record Taken(int nrPages, long end, boolean interrupted) {}

  /**
   * Runs the command once over a range.
   *
   * @throws MmException ENOMEM without room for the list of pages; what a drop fails with
   */
  @KernelFunction("gup_test_ioctl")
  GupTestResult run(long start, long bytes) {
    long[] pfns = new long[pageCount(bytes)];
    long getStart = clock.nanos();
    Taken taken = take(start, bytes, pfns);
    long getNanos = clock.nanos() - getStart;
    if (pins) {
      new PinCheck(machine).check(pfns, taken.nrPages());
    }
    if (plan.ioctl() == GupIoctl.DUMP_USER_PAGES_TEST) {
      new DumpPages(machine).dump(plan.dumpPages(), pfns, taken.nrPages(), start);
    }
    long putStart = clock.nanos();
    drop(pfns, taken.nrPages());
    long putNanos = clock.nanos() - putStart;
    if (taken.interrupted()) {
      throw new CommandInterrupted();
    }
    return new GupTestResult(getNanos / 1_000, putNanos / 1_000, taken.end() - start);
  }

  private static int pageCount(long bytes) {
    long nrPages = bytes >>> PAGE_SHIFT;
    if (nrPages > Integer.MAX_VALUE - 8) {
      throw new MmException(
          Errno.ENOMEM, "gup_test", nrPages + " pages", "less than 8 TiB at a time", "");
    }
    return (int) nrPages;
  }

  private Taken take(long start, long bytes, long[] pfns) {
    long end = start + bytes;
    long stride = plan.nrPagesPerCall();
    long nr = stride;
    int taken = 0;
    long at = start;
    while (at < end && nr == stride) {
      if (Thread.interrupted()) {
        return new Taken(taken, at, true);
      }
      int wanted = (int) Math.min(stride, (end - at) >>> PAGE_SHIFT);
      int got = call(at, wanted, pfns, taken);
      if (got <= 0) {
        break;
      }
      taken += got;
      at += (long) wanted << PAGE_SHIFT;
      nr = got < wanted ? got : stride;
    }
    return new Taken(taken, at, false);
  }

  private int call(long at, int nrPages, long[] pfns, int offset) {
    @Nullable MmException failure;
    try {
      if (plan.ioctl().isFast()) {
        return pins
            ? gup.pinUserPagesFast(mm, at, nrPages, flags, pfns, offset)
            : gup.getUserPagesFast(mm, at, nrPages, flags, pfns, offset);
      }
      return pins
          ? gup.pinUserPages(mm, at, nrPages, flags, pfns, offset)
          : gup.getUserPages(mm, at, nrPages, flags, pfns, offset);
    } catch (MmException e) {
      failure = e;
    }
    notes.println(
        "gup_test: "
            + plan.ioctl()
            + " ended at 0x"
            + Long.toHexString(at)
            + ": "
            + failure.getMessage());
    return -failure.errno().number();
  }

  private void drop(long[] pfns, int nrPages) {
    if (pins) {
      gup.unpinUserPages(pfns, 0, nrPages);
    } else {
      for (int i = 0; i < nrPages; i++) {
        gup.putPage(pfns[i]);
      }
    }
  }
}
