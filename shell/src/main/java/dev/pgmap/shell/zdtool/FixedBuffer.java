package dev.pgmap.shell.zdtool;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.trace.KernelFunction;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.machine.Era.UringBuffers;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import java.util.Arrays;

/**
 * The kernel's side of a fixed buffer of io_uring: memory that stays pinned for I/O until it is
 * unregistered. Used by one thread.
 */
final class FixedBuffer {
  private static final long MAX_BYTES = 1L << 30;
  private static final int FLAGS = FollFlag.LONGTERM | FollFlag.WRITE;

  private final Gup gup;
  private long[] pins;

  private FixedBuffer(Gup gup, long[] pins) {
    this.gup = gup;
    this.pins = pins;
  }

  /**
   * {@code IORING_REGISTER_BUFFERS} of one buffer.
   *
   * @param bytes from 1 to 1 GiB
   * @throws MmException EFAULT for another length, or if not all of it can be pinned; EOPNOTSUPP
   *     for a file's mapping where this kernel refuses those; nothing stays pinned then
   */
  @KernelFunction("io_sqe_buffer_register")
  static FixedBuffer register(Machine machine, Mm mm, long address, long bytes) {
    if (bytes <= 0 || bytes > MAX_BYTES) {
      throw new MmException(
          Errno.EFAULT, "io_uring buffer", bytes + " bytes", "1 byte to 1 GiB", "");
    }
    boolean keepsOnePin = machine.era().uringBuffers() == UringBuffers.KEEPS_ONE_PIN_OF_A_FOLIO;
    FixedBuffer buffer = new FixedBuffer(machine.gup(), new long[0]);
    buffer.pin(mm, address, bytes, keepsOnePin);
    if (keepsOnePin) {
      buffer.coalesce(FolioRuns.of(machine, buffer.pins));
    } else if (liesInFile(mm, address, bytes)) {
      buffer.unregisterAtOnce();
      throw new MmException(
          Errno.EOPNOTSUPP,
          "io_uring buffer",
          "the mapping of a file",
          "anonymous memory, as io_uring of " + machine.era().name() + " demands",
          "");
    }
    return buffer;
  }

  /** {@code io_pin_pages}. */
  @KernelFunction("io_pin_pages")
  private void pin(Mm mm, long address, long bytes, boolean fast) {
    long first = address & -4096L;
    int nrPages = (int) ((address + bytes - first + 4095) >>> 12);
    long[] pfns = new long[nrPages];
    int nr =
        fast
            ? gup.pinUserPagesFast(mm, first, nrPages, FLAGS, pfns, 0)
            : gup.pinUserPages(mm, first, nrPages, FLAGS, pfns, 0);
    pins = Arrays.copyOf(pfns, nr);
    if (nr < nrPages) {
      unregisterAtOnce();
      throw new MmException(
          Errno.EFAULT,
          "io_uring buffer",
          "%d of %d pages could be pinned".formatted(nr, nrPages),
          "all",
          "");
    }
  }

  private static boolean liesInFile(Mm mm, long address, long bytes) {
    return mm.vmas().stream()
        .anyMatch(
            vma -> vma.start() < address + bytes && vma.end() > address && !vma.isAnonymous());
  }

  /** {@code io_coalesce_buffer}: of the pages of a folio, the first stays pinned. */
  private void coalesce(FolioRuns runs) {
    if (!runs.canBeCoalesced()) {
      return;
    }
    long[] kept = new long[runs.count()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = pins[runs.start(i)];
      int others = runs.length(i) - 1;
      if (others > 0) {
        gup.unpinUserFolio(kept[i], others);
      }
    }
    pins = kept;
  }

  private void unregisterAtOnce() {
    gup.unpinUserPages(pins, 0, pins.length);
    pins = new long[0];
  }

  /** Drops the pins, one by one as {@code io_buffer_unmap} does. */
  @KernelFunction("io_buffer_unmap")
  void unregister() {
    long[] pfns = pins;
    pins = new long[0];
    for (long pfn : pfns) {
      gup.unpinUserPage(pfn);
    }
  }
}
