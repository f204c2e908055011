package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.mm.Mm;
import java.util.Arrays;

/** A pipe that pages are spliced into: it holds a plain reference on each. Used by one thread. */
final class Pipe {
  private static final int SLOTS = 16;
  private static final int BATCH = 16;

  private final Gup gup;
  private long[] held = {};

  Pipe(Gup gup) {
    this.gup = gup;
  }

  /**
   * {@code vmsplice}: takes pages in batches of 16 until the pipe is full. The batch that finds it
   * full is dropped again.
   *
   * @return how many bytes are in the pipe
   * @throws MmException what the first batch fails with
   */
  @KernelFunction("vmsplice_to_pipe")
  long splice(Mm mm, long address, long bytes) {
    int nrPages = (int) Math.min((bytes + 4095) >>> 12, SLOTS + BATCH);
    long[] pfns = new long[BATCH];
    for (int at = 0; at < nrPages; ) {
      int wanted = Math.min(BATCH, nrPages - at);
      int got = gup.getUserPagesFast(mm, address + ((long) at << 12), wanted, 0, pfns, 0);
      int room = Math.min(got, SLOTS - held.length);
      int from = held.length;
      held = Arrays.copyOf(held, from + room);
      System.arraycopy(pfns, 0, held, from, room);
      for (int i = room; i < got; i++) {
        gup.putPage(pfns[i]);
      }
      if (room < wanted) {
        break;
      }
      at += got;
    }
    return Math.min(bytes, (long) held.length << 12);
  }

  /** Closes both ends: every reference is dropped. */
  @KernelFunction("free_pipe_info")
  void close() {
    long[] pfns = held;
    held = new long[0];
    for (long pfn : pfns) {
      gup.putPage(pfn);
    }
  }
}
