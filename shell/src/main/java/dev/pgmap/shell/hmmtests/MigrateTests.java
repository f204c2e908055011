package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.Errno;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.Mm;

/** Memory that moves to a device and back. */
final class MigrateTests {
  private static final int TIMES = 10;
  private static final int HALF = Self.BUFFER_PAGES / 2;
  private static final int PAGE = Buffer.PAGE_BYTES;
  private static final int ENOENT = Errno.ENOENT.number();
  private static final int EINVAL = Errno.EINVAL.number();

  private MigrateTests() {}

  static Buffer migrated(Self self, Buffer buffer) {
    buffer.fill(i -> i);
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
    buffer.checkMirror(i -> i);
    return buffer;
  }

  /** To the device: it reads what the task wrote. */
  static void migrate(Self self) {
    migrated(self, Buffer.anonymous(self, Self.BUFFER_PAGES)).free();
  }

  /** Half comes back by faults, and goes to the device again with the rest. */
  static void migrateFault(Self self) {
    Buffer buffer = migrated(self, Buffer.anonymous(self, Self.BUFFER_PAGES));
    buffer.check(0, HALF, i -> i);
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
    buffer.checkMirror(i -> i);
    buffer.free();
  }

  /** The device gives up its memory: everything is back in RAM. */
  static void migrateRelease(Self self) {
    Buffer buffer = migrated(self, Buffer.anonymous(self, Self.BUFFER_PAGES));
    Check.ret(buffer.command(self.device(0), MirrorCommand.RELEASE, Self.BUFFER_PAGES), 0);
    buffer.check(0, HALF, i -> i);
    buffer.free();
  }

  /** Shared memory does not move. */
  static void migrateShared(Self self) {
    MapRequest shared = MapRequest.anonymous((long) Self.BUFFER_PAGES * PAGE).asShared();
    Buffer buffer = new Buffer(self.mm(), self.mm().mmap(shared), Self.BUFFER_PAGES);
    Check.ret(
        buffer.command(self.device(0), MirrorCommand.MIGRATE_TO_DEV, Self.BUFFER_PAGES), -ENOENT);
    buffer.free();
  }

  /** To the device and back, again and again: coherent memory has to be told to go back. */
  static void migrateMultiple(Self self) {
    for (int c = 0; c < TIMES; c++) {
      Buffer buffer = migrated(self, Buffer.anonymous(self, Self.BUFFER_PAGES));
      if (self.isCoherent()) {
        buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_SYS);
      }
      buffer.check(i -> i);
      buffer.free();
    }
  }

  /** A protected area, a hole, zeroes, a page that is read-only, and a page of another device. */
  static void migrateMixed(Self self) {
    Mm mm = self.mm();
    long at = mm.mmap(MapRequest.anonymous(6 * PAGE).withProtection(false, false));
    Buffer buffer = new Buffer(mm, at, 6);

    Check.ret(buffer.command(self.device(1), MirrorCommand.MIGRATE_TO_DEV, 6), -EINVAL);

    mm.munmap(at + PAGE, PAGE);
    Check.ret(buffer.command(self.device(1), MirrorCommand.MIGRATE_TO_DEV, 3), -EINVAL);

    mm.mprotect(at + 2 * PAGE, PAGE, true, false);
    Check.equal("val", mm.load(at + 2 * PAGE) + 3, "3", 3);
    mm.mprotect(at + 3 * PAGE, PAGE, true, true);
    mm.store(at + 3 * PAGE, (byte) 3);
    mm.mprotect(at + 3 * PAGE, PAGE, true, false);
    mm.mprotect(at + 4 * PAGE, 2 * PAGE, true, true);
    mm.store(at + 4 * PAGE, (byte) 3);
    mm.store(at + 5 * PAGE, (byte) 3);

    buffer.setAddress(at + 2 * PAGE);
    buffer.done(self.device(1), MirrorCommand.MIGRATE_TO_DEV, 4);

    buffer.setAddress(at + 5 * PAGE);
    Check.ret(buffer.command(self.device(0), MirrorCommand.MIGRATE_TO_DEV, 1), -ENOENT);
    buffer.setAddress(at);
    buffer.free();
  }
}
