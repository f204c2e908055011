package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.devmem.MirrorProt;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Task;

/** Devices and children of a task. */
final class ForkTests {
  private static final int HUGE_PAGES = 512;
  private static final int FEW_PAGES = 4;

  private ForkTests() {}

  /** A child's device writes; the parent's memory stays as it was. */
  static void anonWriteChild(Self self) {
    Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
    writeInChild(self, buffer, false);
    buffer.free();
  }

  /** The same with memory that is with the device already, and with huge pages. */
  static void anonWriteChildMigrated(Self self) {
    for (boolean migrate : new boolean[] {false, true}) {
      Buffer plain = Buffer.anonymous(self, Self.BUFFER_PAGES);
      writeInChild(self, plain, migrate);
      plain.free();
      Buffer huge = Buffer.aligned(self, HUGE_PAGES);
      self.mm().madvise(huge.address(), huge.bytes(), MemoryAdvice.HUGEPAGE);
      writeInChild(self, huge, migrate);
      huge.free();
    }
  }

  private static void writeInChild(Self self, Buffer buffer, boolean migrate) {
    buffer.fill(i -> i);
    buffer.fillMirror(i -> -i);
    if (migrate) {
      buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
    }
    self.fork(child -> {
      Buffer own = buffer.in(child.mm());
      own.check(i -> i);
      own.doneInOneFault(child.device(0), MirrorCommand.WRITE, buffer.npages());
      if (!migrate) {
        own.check(i -> -i);
      }
    });
    buffer.check(i -> i);
  }

  /** In shared memory the parent sees what a child's device writes. */
  static void anonWriteChildShared(Self self) {
    MapRequest shared =
        MapRequest.anonymous((long) Self.BUFFER_PAGES * Buffer.PAGE_BYTES).asShared();
    Buffer buffer = new Buffer(self.mm(), self.mm().mmap(shared), Self.BUFFER_PAGES);
    buffer.fill(i -> i);
    buffer.fillMirror(i -> -i);
    self.fork(child -> {
      Buffer own = buffer.in(child.mm());
      own.check(i -> i);
      own.doneInOneFault(child.device(0), MirrorCommand.WRITE, Self.BUFFER_PAGES);
      own.check(i -> -i);
    });
    buffer.check(i -> -i);
    buffer.free();
  }

  /** Pages of the device that parent and child share: a write gets a copy in RAM. */
  static void cowInDevice(Self self) {
    Buffer buffer = Buffer.anonymous(self, FEW_PAGES);
    buffer.fill(i -> i);
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
    Task child = self.task().fork();
    try {
      buffer.fill(i -> i);
    } finally {
      child.exit();
    }
    buffer.done(self.device(0), MirrorCommand.SNAPSHOT);
    for (int i = 0; i < FEW_PAGES; i++) {
      Check.prot(i, buffer.mirrorByte(i), MirrorProt.WRITE);
    }
    buffer.free();
  }
}
