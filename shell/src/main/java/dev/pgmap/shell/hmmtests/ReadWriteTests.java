package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Mm;
import java.util.Random;

/** Devices that read and write memory of a task through their mirror. */
final class ReadWriteTests {
  private static final int TIMES = 10;
  private static final int HUGE_PAGES = 512;
  private static final int MOST_NANOS_BEFORE_UNMAP = 32_000;
  private static final int EPERM = Errno.EPERM.number();
  private static final int EFAULT = Errno.EFAULT.number();

  private ReadWriteTests() {}

  /** The first two pages are untouched, one of them read: the device finds zeroes there. */
  static void anonRead(Self self) {
    Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
    buffer.fillFrom(2, i -> i);
    self.mm().mprotect(buffer.address(), buffer.bytes(), true, false);
    Check.equal("val", self.mm().load(buffer.page(1)), "0", 0);

    buffer.doneInOneFault(self.device(0), MirrorCommand.READ, Self.BUFFER_PAGES);

    buffer.checkMirror(i -> i < 2 * Buffer.INTS_PER_PAGE ? 0 : i);
    buffer.free();
  }

  /** What its task may not read no device may. */
  static void anonReadProt(Self self) {
    Mm mm = self.mm();
    Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
    buffer.fill(i -> i);
    buffer.fillMirror(i -> -i);
    mm.mprotect(buffer.address(), buffer.bytes(), false, false);

    Check.ret(buffer.command(self.device(0), MirrorCommand.READ, Self.BUFFER_PAGES), -EFAULT);

    mm.mprotect(buffer.address(), buffer.bytes(), true, false);
    buffer.check(i -> i);
    buffer.checkMirror(i -> -i);
    buffer.free();
  }

  /** A device writes memory that nobody has touched. */
  static void anonWrite(Self self) {
    write(self, Buffer.anonymous(self, Self.BUFFER_PAGES), Self.BUFFER_PAGES);
  }

  static void write(Self self, Buffer buffer, int npages) {
    buffer.fillMirror(i -> i);
    buffer.doneInOneFault(self.device(0), MirrorCommand.WRITE, npages);
    buffer.check(0, npages, i -> i);
    buffer.free();
  }

  /** Writing where only reading is allowed fails, and works once it is. */
  static void anonWriteProt(Self self) {
    Mm mm = self.mm();
    MapRequest readOnly =
        MapRequest.anonymous((long) Self.BUFFER_PAGES * Buffer.PAGE_BYTES)
            .withProtection(true, false);
    Buffer buffer = new Buffer(mm, mm.mmap(readOnly), Self.BUFFER_PAGES);
    buffer.doneInOneFault(self.device(0), MirrorCommand.READ, 1);
    buffer.fillMirror(i -> i);

    Check.ret(buffer.command(self.device(0), MirrorCommand.WRITE, Self.BUFFER_PAGES), -EPERM);

    buffer.check(i -> 0);
    mm.mprotect(buffer.address(), buffer.bytes(), true, true);
    buffer.doneInOneFault(self.device(0), MirrorCommand.WRITE, Self.BUFFER_PAGES);
    buffer.check(i -> i);
    buffer.free();
  }

  /** A device writes memory for which a huge page is welcome. */
  static void anonWriteHuge(Self self) {
    Buffer buffer = Buffer.aligned(self, HUGE_PAGES);
    self.mm().madvise(buffer.address(), buffer.bytes(), MemoryAdvice.HUGEPAGE);
    write(self, buffer, HUGE_PAGES);
  }

  /** A device writes a huge page of hugetlbfs. */
  static void anonWriteHugetlbfs(Self self) {
    write(self, Buffer.hugetlb(self, HUGE_PAGES), HUGE_PAGES);
  }

  /** Reads again and again what changes in between. */
  static void anonReadMultiple(Self self) {
    for (int c = 0; c < TIMES; c++) {
      int add = c;
      Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
      buffer.fill(i -> i + add);
      buffer.doneInOneFault(self.device(0), MirrorCommand.READ, Self.BUFFER_PAGES);
      buffer.checkMirror(i -> i + add);
      buffer.free();
    }
  }

  /** Reads memory half of which goes away meanwhile: it is read in full, or not at all. */
  static void anonTeardown(Self self) {
    Random random = new Random();
    for (int c = 0; c < TIMES; c++) {
      int add = c;
      Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
      buffer.fill(i -> i + add);
      long nanos = random.nextInt(MOST_NANOS_BEFORE_UNMAP);
      Thread unmapper = self.inThread(() -> unmapHalf(self, buffer, nanos));
      try {
        if (buffer.command(self.device(0), MirrorCommand.READ, Self.BUFFER_PAGES) == 0) {
          Check.equal("buffer->cpages", buffer.cpages(), "npages", Self.BUFFER_PAGES);
          buffer.checkMirror(i -> i + add);
        }
      } finally {
        Self.join(unmapper);
      }
      buffer.free();
    }
  }

  private static void unmapHalf(Self self, Buffer buffer, long nanos) {
    self.console().sleep(nanos);
    try {
      self.mm().munmap(buffer.page(Self.BUFFER_PAGES / 2), buffer.bytes() / 2);
    } catch (MmException e) {
      throw new IllegalStateException("half of the buffer cannot be unmapped", e);
    }
  }
}
