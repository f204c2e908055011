package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.api.devmem.MirrorProt;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.gup.Gup;
import dev.pgmap.core.mm.MapRequest;
import dev.pgmap.core.mm.Mm;

/** What devices see of page tables without changing them. */
final class SnapshotTests {
  private static final int PAGE = Buffer.PAGE_BYTES;
  private static final int HUGE_PAGES = 512;
  private static final int PAGES = 7;

  private SnapshotTests() {}

  /** A mapping whose pages a driver put there. */
  static void mixedmap(Self self) {
    Mm mm = self.mm();
    long at = self.device(0).mmap(mm, PAGE);
    Buffer buffer = new Buffer(mm, at, 1);
    buffer.done(self.device(0), MirrorCommand.SNAPSHOT);
    Check.prot(0, buffer.mirrorByte(0), MirrorProt.READ);
    buffer.free();
  }

  /** Each kind of page once. */
  static void snapshot(Self self) {
    Mm mm = self.mm();
    long at = mm.mmap(MapRequest.anonymous(PAGES * PAGE).withProtection(false, false));
    Buffer buffer = new Buffer(mm, at, PAGES);
    mm.munmap(at + PAGE, PAGE);
    mm.mprotect(at + 2 * PAGE, PAGE, true, false);
    Check.equal("val", mm.load(at + 2 * PAGE) + 3, "3", 3);
    mm.mprotect(at + 3 * PAGE, PAGE, true, true);
    mm.store(at + 3 * PAGE, (byte) 3);
    mm.mprotect(at + 3 * PAGE, PAGE, true, false);
    mm.mprotect(at + 4 * PAGE, 3 * PAGE, true, true);
    mm.store(at + 4 * PAGE, (byte) 3);
    buffer.setAddress(at + 5 * PAGE);
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV, 1);
    buffer.setAddress(at + 6 * PAGE);
    buffer.done(self.device(1), MirrorCommand.MIGRATE_TO_DEV, 1);
    buffer.setAddress(at);

    buffer.done(self.device(0), MirrorCommand.SNAPSHOT);

    int[] expected = {
      MirrorProt.ERROR,
      MirrorProt.ERROR,
      MirrorProt.ZERO | MirrorProt.READ,
      MirrorProt.READ,
      MirrorProt.WRITE,
      local(self) | MirrorProt.WRITE,
      self.isCoherent() ? MirrorProt.DEV_COHERENT_REMOTE | MirrorProt.WRITE : MirrorProt.NONE
    };
    for (int i = 0; i < PAGES; i++) {
      Check.prot(i, buffer.mirrorByte(i), expected[i]);
    }
    buffer.free();
  }

  private static int local(Self self) {
    return self.isCoherent() ? MirrorProt.DEV_COHERENT_LOCAL : MirrorProt.DEV_PRIVATE_LOCAL;
  }

  /**
   * A huge page of hugetlbfs is one huge entry, also when it is read-only. Without one there is
   * nothing to see, which the test does not mind.
   */
  static void compound(Self self) {
    Buffer buffer;
    try {
      buffer = Buffer.hugetlb(self, HUGE_PAGES);
    } catch (TestSkipped e) {
      return;
    }
    buffer.fill(i -> i);
    checkHuge(self, buffer, MirrorProt.WRITE | MirrorProt.PMD);
    self.mm().mprotect(buffer.address(), buffer.bytes(), true, false);
    checkHuge(self, buffer, MirrorProt.READ | MirrorProt.PMD);
    buffer.free();
  }

  private static void checkHuge(Self self, Buffer buffer, int expected) {
    buffer.done(self.device(0), MirrorCommand.SNAPSHOT);
    for (int i = 0; i < buffer.npages(); i++) {
      Check.prot(i, buffer.mirrorByte(i), expected);
    }
  }

  /** Two devices read the same memory, also when one of them has it. */
  static void doubleMap(Self self) {
    Buffer buffer = Buffer.anonymous(self, 6);
    buffer.fill(i -> i);
    self.mm().mprotect(buffer.address(), buffer.bytes(), true, false);
    buffer.doneInOneFault(self.device(0), MirrorCommand.READ, 6);
    buffer.checkMirror(i -> i);
    buffer.doneInOneFault(self.device(1), MirrorCommand.READ, 6);
    buffer.checkMirror(i -> i);
    if (self.machine().era().hmmTests().newer()) {
      buffer.done(self.device(1), MirrorCommand.MIGRATE_TO_DEV);
      buffer.doneInOneFault(self.device(0), MirrorCommand.READ, 6);
      buffer.checkMirror(i -> i);
    }
    buffer.free();
  }

  /** Pins of pages that a device has: private ones come back; coherent ones only for long. */
  static void gupTest(Self self) {
    Buffer buffer = Buffer.anonymous(self, 4);
    buffer.fill(i -> i);
    buffer.done(self.device(0), MirrorCommand.MIGRATE_TO_DEV);
    buffer.checkMirror(i -> i);

    getAndPut(self, buffer);

    buffer.done(self.device(0), MirrorCommand.SNAPSHOT);
    int got = (self.isCoherent() ? MirrorProt.DEV_COHERENT_LOCAL : 0) | MirrorProt.WRITE;
    Check.prot(0, buffer.mirrorByte(0), got);
    Check.prot(1, buffer.mirrorByte(1), got);
    Check.prot(2, buffer.mirrorByte(2), MirrorProt.WRITE);
    Check.prot(3, buffer.mirrorByte(3), MirrorProt.WRITE);
    buffer.check(i -> i);
    buffer.free();
  }

  private static void getAndPut(Self self, Buffer buffer) {
    Gup gup = self.machine().gup();
    Mm mm = self.mm();
    long[] pfns = new long[1];
    gup.getUserPages(mm, buffer.page(0), 1, FollFlag.WRITE, pfns, 0);
    gup.putPage(pfns[0]);
    gup.getUserPagesFast(mm, buffer.page(1), 1, FollFlag.WRITE, pfns, 0);
    gup.putPage(pfns[0]);
    gup.pinUserPagesFast(mm, buffer.page(2), 1, FollFlag.WRITE | FollFlag.LONGTERM, pfns, 0);
    gup.unpinUserPages(pfns, 0, 1);
    gup.pinUserPages(mm, buffer.page(3), 1, FollFlag.WRITE | FollFlag.LONGTERM, pfns, 0);
    gup.unpinUserPages(pfns, 0, 1);
  }
}
