package dev.pgmap.shell.zdtool;

import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Era.DirectIo;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;

/** The block layer's side of an O_DIRECT write to a device that forgets what it is given. */
final class DirectWrite {
  private final Machine machine;
  private final Gup gup;
  private final boolean pins;
  private final long[] pfns;

  private DirectWrite(Machine machine, int nrPages) {
    this.machine = machine;
    this.gup = machine.gup();
    this.pins = machine.era().directIo() == DirectIo.PINS;
    this.pfns = new long[nrPages];
  }

  /**
   * Writes from user memory, holding its pages while the device reads them.
   *
   * @return the bytes written
   * @throws dev.pgmap.api.MmException what gup fails with
   */
  static long run(Machine machine, Mm mm, long address, long bytes) {
    int nrPages = Math.toIntExact((bytes + 4095) >>> 12);
    DirectWrite write = new DirectWrite(machine, nrPages);
    write.release(write.take(mm, address));
    return bytes;
  }

  @KernelFunction("bio_iov_iter_get_pages")
  private int take(Mm mm, long address) {
    return pins
        ? gup.pinUserPagesFast(mm, address, pfns.length, 0, pfns, 0)
        : gup.getUserPagesFast(mm, address, pfns.length, 0, pfns, 0);
  }

  @KernelFunction("bio_release_pages")
  private void release(int nrPages) {
    if (pins) {
      gup.unpinUserPages(pfns, 0, nrPages);
      return;
    }
    for (int i = 0; i < nrPages; i++) {
      switch (machine.era().directIo()) {
        case GETS_AND_FORGETS_TO_WAKE -> machine.pagePut().putWithoutWaking(pfns[i], 1);
        default -> gup.putPage(pfns[i]);
      }
    }
  }
}
