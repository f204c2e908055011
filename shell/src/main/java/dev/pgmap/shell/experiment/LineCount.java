package dev.pgmap.shell.experiment;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.LineCounter;
import dev.pgmap.core.machine.LineCounter.Lines;
import dev.pgmap.core.machine.LineCounter.Medium;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;

/** Counts the struct-page lines of pinning and unpinning a device once, after the timed runs. */
final class LineCount {
  /** Lines of the two halves. */
  record Counted(Lines get, Lines put) {}

  private LineCount() {}

  static Counted of(
      Machine machine, Task task, String file, long bytes, int nrPagesPerCall, Medium medium) {
    LineCounter counter = new LineCounter(machine.pagemaps());
    Gup gup = machine.meteredGup(counter);
    AddressSpace device = machine.daxBus().nodes().open(file);
    Mm mm = task.mm();
    long start = mm.mmap(device, bytes, 0, true, true);
    mm.touch(start, bytes, (byte) 0);
    int nrPages = Math.toIntExact(bytes >>> 12);
    long[] pfns = new long[nrPages];
    for (int done = 0; done < nrPages; ) {
      int wanted = Math.min(nrPagesPerCall, nrPages - done);
      done +=
          gup.pinUserPagesFast(mm, start + ((long) done << 12), wanted, FollFlag.WRITE, pfns, done);
    }
    Lines afterGet = counter.lines(medium);
    gup.unpinUserPages(pfns, 0, nrPages);
    mm.munmap(start, bytes);
    return new Counted(afterGet, counter.lines(medium).since(afterGet));
  }
}
