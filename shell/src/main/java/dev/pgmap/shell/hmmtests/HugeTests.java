package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Mm;

/** Huge pages that move to a device as one, or in parts. */
final class HugeTests {
  private static final int HUGE_PAGES = 512;
  private static final long HUGE_BYTES = (long) HUGE_PAGES * Buffer.PAGE_BYTES;
  private static final int[] OFFSETS = {0, HUGE_PAGES / 4, HUGE_PAGES / 2};
  private static final int SOME_INT = 2048;

  private HugeTests() {}

  private static Buffer huge(Self self, boolean writable) {
    Buffer buffer = Buffer.aligned(self, HUGE_PAGES);
    if (!writable) {
      self.mm().mprotect(buffer.address(), buffer.bytes(), true, false);
    }
    self.mm().madvise(buffer.address(), buffer.bytes(), MemoryAdvice.HUGEPAGE);
    buffer.fillMirror(i -> -1);
    return buffer;
  }

  private static void migrate(Self self, Buffer buffer) {
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
  }

  /** Memory that was never touched. */
  static void empty(Self self) {
    Buffer buffer = huge(self, false);
    migrate(self, buffer);
    buffer.checkMirror(i -> 0);
    buffer.free();
  }

  /** Memory that was only read. */
  static void zero(Self self) {
    Buffer buffer = huge(self, false);
    Check.equal("val", self.mm().load(buffer.address()), "0", 0);
    migrate(self, buffer);
    buffer.checkMirror(i -> 0);
    buffer.check(i -> 0);
    buffer.free();
  }

  /** What the device has can be freed. */
  static void free(Self self) {
    Buffer buffer = huge(self, true);
    buffer.fill(i -> i);
    migrate(self, buffer);
    buffer.checkMirror(i -> i);
    self.mm().madvise(buffer.address(), buffer.bytes(), MemoryAdvice.FREE);
    buffer.free();
  }

  /** A CPU takes it back. */
  static void fault(Self self) {
    Buffer buffer = huge(self, true);
    buffer.fill(i -> i);
    migrate(self, buffer);
    buffer.checkMirror(i -> i);
    buffer.check(i -> i);
    buffer.free();
  }

  /** A part of what the device has is unmapped; the rest comes back. */
  static void partialUnmapFault(Self self) {
    for (MemoryAdvice advice :
        new MemoryAdvice[] {MemoryAdvice.NOHUGEPAGE, MemoryAdvice.HUGEPAGE}) {
      for (int offset : OFFSETS) {
        Buffer buffer = filled(self, advice);
        migrate(self, buffer);
        buffer.checkMirror(i -> i);
        self.mm().munmap(buffer.page(offset), HUGE_BYTES / 2);
        buffer.check(0, offset, i -> i);
        buffer.check(offset + HUGE_PAGES / 2, HUGE_PAGES, i -> i);
        buffer.free();
      }
    }
  }

  private static Buffer filled(Self self, MemoryAdvice advice) {
    Buffer buffer = Buffer.aligned(self, HUGE_PAGES);
    self.mm().madvise(buffer.address(), buffer.bytes(), advice);
    buffer.fill(i -> i);
    return buffer;
  }

  /** Memory that moves to other addresses before, or while, the device has it. */
  static void remapFault(Self self) {
    for (boolean before : new boolean[] {false, true}) {
      for (boolean dontUnmap : new boolean[] {false, true}) {
        for (MemoryAdvice advice :
            new MemoryAdvice[] {MemoryAdvice.NOHUGEPAGE, MemoryAdvice.HUGEPAGE}) {
          for (int offset : OFFSETS) {
            remap(self, filled(self, advice), before, dontUnmap, offset);
          }
        }
      }
    }
  }

  private static void remap(
      Self self, Buffer buffer, boolean before, boolean dontUnmap, int offset) {
    Mm mm = self.mm();
    int flags = Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED | (dontUnmap ? Mm.MREMAP_DONTUNMAP : 0);
    long old = buffer.address();
    long to = Buffer.aligned(self, 2 * HUGE_PAGES).address() + (long) offset * Buffer.PAGE_BYTES;
    if (before) {
      buffer.setAddress(mm.mremap(old, HUGE_BYTES, HUGE_BYTES, flags, to));
    }
    migrate(self, buffer);
    buffer.checkMirror(i -> i);
    if (!before) {
      buffer.setAddress(mm.mremap(old, HUGE_BYTES, HUGE_BYTES, flags, to));
    }
    buffer.check(i -> i);
    buffer.free();
    if (dontUnmap) {
      mm.munmap(old, HUGE_BYTES);
    }
  }

  private static void failNextAllocation(Self self) {
    OpenDevice device = self.device(0);
    long[] words = {0, 0, MirrorCommand.FLAG_FAIL_ALLOC, 0, 0};
    device.ioctl(MirrorCommand.FLAGS.ordinal(), words);
  }

  /** No huge page is to be had, of the device or of RAM: it moves in small ones. */
  static void allocationFails(Self self) {
    Buffer buffer = huge(self, true);
    buffer.fill(i -> i);
    failNextAllocation(self);
    migrate(self, buffer);
    buffer.checkMirror(i -> i);
    checkOnePage(buffer, SOME_INT);
    buffer.free();

    Buffer again = huge(self, true);
    again.fill(i -> i);
    migrate(self, again);
    failNextAllocation(self);
    Check.ret(again.command(self.device(0), MirrorCommand.MIGRATE_TO_SYS, HUGE_PAGES), 0);
    checkOnePage(again, SOME_INT);
    again.free();
  }

  private static void checkOnePage(Buffer buffer, int index) {
    int page = index / Buffer.INTS_PER_PAGE;
    buffer.check(page, page + 1, i -> i);
  }

  /** The same with memory that was never written. */
  static void zeroAllocationFails(Self self) {
    Buffer buffer = huge(self, false);
    failNextAllocation(self);
    migrate(self, buffer);
    buffer.checkMirror(i -> 0);
    buffer.check(2, 3, i -> 0);
    buffer.free();

    Buffer again = huge(self, false);
    Check.equal("ret", self.mm().load(again.address()), "0", 0);
    failNextAllocation(self);
    migrate(self, again);
    again.check(i -> 0);
    again.free();
  }
}
