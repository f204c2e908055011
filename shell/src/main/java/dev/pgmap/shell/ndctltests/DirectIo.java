package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;

/**
 * Reads and writes with O_DIRECT between one page of a task and a file: the page is pinned, copied
 * from or to, and unpinned. Used by one thread.
 *
 * @param machine the machine
 * @param mm whose memory it is
 */
record DirectIo(Machine machine, Mm mm) {
  static final int PAGE_BYTES = 4096;

  /** {@code write(fd, address, 4096)}: what the file gets. */
  byte[] write(long address) {
    byte[] data = new byte[PAGE_BYTES];
    long pfn = pin(address, 0);
    machine.memory().read(pfn << 12, data, 0, PAGE_BYTES);
    machine.gup().unpinUserPage(pfn);
    return data;
  }

  /** {@code read(fd, address, 4096)} of a file that has this. */
  void read(long address, byte[] data) {
    long pfn = pin(address, FollFlag.WRITE);
    machine.memory().write(pfn << 12, data, 0, PAGE_BYTES);
    machine.gup().unpinUserPagesDirtyLock(new long[] {pfn}, 0, 1, true);
  }

  private long pin(long address, int flags) {
    Gup gup = machine.gup();
    long[] pfns = new long[1];
    check(gup.pinUserPagesFast(mm, address, 1, flags, pfns, 0) == 1, "the page is pinned");
    return pfns[0];
  }
}
