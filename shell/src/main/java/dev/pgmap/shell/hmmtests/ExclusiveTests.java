package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.Errno;
import dev.pgmap.api.devmem.MirrorCommand;

/** Pages that a device uses alone. */
final class ExclusiveTests {
  private static final int EPERM = Errno.EPERM.number();

  private ExclusiveTests() {}

  private static Buffer exclusiveBuffer(Self self) {
    Buffer buffer = Buffer.anonymous(self, Self.BUFFER_PAGES);
    buffer.fill(i -> i);
    buffer.done(self.device(0), MirrorCommand.EXCLUSIVE);
    buffer.checkMirror(i -> i);
    return buffer;
  }

  /** A CPU that touches them takes them back. */
  static void exclusive(Self self) {
    Buffer buffer = exclusiveBuffer(self);
    buffer.increment(i -> i);
    buffer.check(i -> i + 1);
    Check.ret(buffer.command(self.device(0), MirrorCommand.CHECK_EXCLUSIVE, Self.BUFFER_PAGES), 0);
    buffer.free();
  }

  /** Once they are read-only, the device may not write them either. */
  static void exclusiveMprotect(Self self) {
    Buffer buffer = exclusiveBuffer(self);
    self.mm().mprotect(buffer.address(), buffer.bytes(), true, false);
    Check.ret(buffer.command(self.device(0), MirrorCommand.WRITE, Self.BUFFER_PAGES), -EPERM);
    buffer.free();
  }

  /** A fork takes them back; then parent and child each have their own. */
  static void exclusiveCow(Self self) {
    Buffer buffer = exclusiveBuffer(self);
    self.fork(child -> {
      Buffer own = buffer.in(child.mm());
      own.increment(i -> i);
      own.check(i -> i + 1);
    });
    buffer.increment(i -> i);
    buffer.check(i -> i + 1);
    buffer.free();
  }
}
