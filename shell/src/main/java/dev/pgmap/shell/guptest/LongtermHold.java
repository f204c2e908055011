package dev.pgmap.shell.guptest;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import java.util.Arrays;

/**
 * PIN_LONGTERM_TEST_START and STOP of the {@code gup_test} file: longterm pins that are held until
 * they are dropped. Used by one thread.
 */
public final class LongtermHold {
  private final Gup gup;
  private final long[] pfns;

  private LongtermHold(Gup gup, long[] pfns) {
    this.gup = gup;
    this.pfns = pfns;
  }

  /**
   * Pins a range for writing, by the slow call, as often as that takes.
   *
   * @throws MmException EINVAL for a misaligned or empty range, and where this era's kernel has no
   *     such command; what the pin fails with: nothing stays pinned then
   */
  public static LongtermHold start(Machine machine, Mm mm, long address, long bytes) {
    return start(machine, mm, address, bytes, true, false);
  }

  /** The same for writing or reading, by the slow or the fast call. */
  @KernelFunction("pin_longterm_test_start")
  public static LongtermHold start(
      Machine machine, Mm mm, long address, long bytes, boolean write, boolean fast) {
    if (!machine.era().gupTest().pinLongtermTest()) {
      throw new MmException(
          Errno.EINVAL,
          "PIN_LONGTERM_TEST_START",
          "era " + machine.era().name() + ", whose kernel does not have it",
          "era 6.12 or later",
          "");
    }
    if (((address | bytes) & 4095) != 0 || bytes <= 0) {
      throw new MmException(
          Errno.EINVAL,
          "PIN_LONGTERM_TEST_START",
          "%d bytes at 0x%x".formatted(bytes, address),
          "whole pages, at least one",
          "");
    }
    int flags = FollFlag.LONGTERM | (write ? FollFlag.WRITE : 0);
    return pinAll(machine.gup(), mm, address, (int) (bytes >>> 12), flags, fast);
  }

  private static LongtermHold pinAll(
      Gup gup, Mm mm, long address, int nrPages, int flags, boolean fast) {
    long[] pfns = new long[nrPages];
    int pinned = 0;
    try {
      while (pinned < nrPages) {
        long at = address + ((long) pinned << 12);
        int nr = nrPages - pinned;
        pinned +=
            fast
                ? gup.pinUserPagesFast(mm, at, nr, flags, pfns, pinned)
                : gup.pinUserPages(mm, at, nr, flags, pfns, pinned);
      }
    } catch (MmException e) {
      new LongtermHold(gup, Arrays.copyOf(pfns, pinned)).stop();
      throw e;
    }
    return new LongtermHold(gup, pfns);
  }

  /** Drops the pins. */
  @KernelFunction("pin_longterm_test_stop")
  public void stop() {
    gup.unpinUserPages(pfns, 0, pfns.length);
  }
}
