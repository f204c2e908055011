package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.mm.Mm;

/**
 * A small driver that a device reads user memory through: it holds the pages while a transfer runs,
 * and gives them back when the transfer completes or times out. It can have the bugs that drivers
 * have. Used by one thread.
 */
final class DmaDriver {
  /** What the driver does wrong. */
  enum Bug {
    /** Nothing. */
    NONE,
    /** Pins the pages, and its timeout forgets the last one. */
    FORGET,
    /** Takes plain references; a transfer that timed out also completes, and puts them again. */
    TWICE
  }

  /** Transfers of which one times out: the last. */
  private static final int TIMES_OUT_EVERY = 4;

  private final Gup gup;
  private final Mm mm;
  private final Bug bug;

  DmaDriver(Gup gup, Mm mm, Bug bug) {
    this.gup = gup;
    this.mm = mm;
    this.bug = bug;
  }

  /**
   * Runs one transfer.
   *
   * @param number the first is 1; every fourth times out
   * @throws MmException what gup or a put fails with
   */
  void transfer(int number, long address, int nrPages) {
    long[] pfns = map(address, nrPages);
    if (number % TIMES_OUT_EVERY != 0) {
      complete(pfns);
      return;
    }
    timeout(pfns);
    if (bug == Bug.TWICE) {
      complete(pfns);
    }
  }

  @KernelFunction("zd_dma_map")
  private long[] map(long address, int nrPages) {
    long[] pfns = new long[nrPages];
    for (int done = 0; done < nrPages; ) {
      long at = address + ((long) done << 12);
      done +=
          takesPlainReferences()
              ? gup.getUserPagesFast(mm, at, nrPages - done, FollFlag.WRITE, pfns, done)
              : gup.pinUserPagesFast(mm, at, nrPages - done, FollFlag.WRITE, pfns, done);
    }
    return pfns;
  }

  private boolean takesPlainReferences() {
    return bug == Bug.TWICE;
  }

  @KernelFunction("zd_dma_complete")
  private void complete(long[] pfns) {
    release(pfns, pfns.length);
  }

  @KernelFunction("zd_dma_timeout")
  private void timeout(long[] pfns) {
    release(pfns, bug == Bug.FORGET ? pfns.length - 1 : pfns.length);
  }

  private void release(long[] pfns, int nrPages) {
    if (!takesPlainReferences()) {
      gup.unpinUserPages(pfns, 0, nrPages);
      return;
    }
    for (int i = 0; i < nrPages; i++) {
      gup.putPage(pfns[i]);
    }
  }
}
