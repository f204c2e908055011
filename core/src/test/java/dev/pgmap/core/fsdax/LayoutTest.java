package dev.pgmap.core.fsdax;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.mm.EngineFile.EntryHold;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.EachEra;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking pages back from a file while somebody holds them. */
class LayoutTest {
  private static final long PMD = FsDaxLab.PMD_PAGES;
  private static final long BLOCKED_MILLIS = 40;

  private final ExtentList extents = new ExtentList(8).mapped(0, 8, 0);
  private FsDaxLab lab;
  private DaxFile file;
  private FsDaxLab.Mapped mapped;

  private void given(String era) {
    lab = new FsDaxLab(era);
    file = lab.file(extents);
    mapped = lab.map(file, 8);
  }

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  /** B11: a block is not given back while somebody may still store to it. */
  @EachEra
  void truncateWaitsForAPinnedPageOfAMappedFile(String era) throws Exception {
    given(era);
    long[] pins = mapped.pin(2, 3);
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
      assertThat(mapped.pfn(2)).as("it was unmapped before the wait").isEqualTo(-1);
      assertThat(lab.mapping(FsDaxLab.PFN + 2)).isEqualTo(file.space().id());
    } finally {
      lab.unpin(pins);
      truncate.join();
    }
    assertThat(lab.mapping(FsDaxLab.PFN + 2)).isZero();
    assertThat(file.nrPages()).isZero();
  }

  @EachEra
  void truncateOfPagesThatNobodyHoldsDoesNotWait(String era) {
    given(era);
    mapped.write(1);
    FsDaxLab.truncate(file, extents, 0, 8);
    assertThat(mapped.pfn(1)).isEqualTo(-1);
    assertThat(lab.mapping(FsDaxLab.PFN + 1)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.4", "5.10", "5.17", "5.18", "6.1", "6.12"})
  void oldKernelsDoNotLookAtAFileThatNobodyMaps(String era) {
    given(era);
    long[] pins = mapped.pin(2, 1);
    mapped.unmap();
    FsDaxLab.truncate(file, extents, 0, 8);
    int held = lab.machine.era().gup().countsPins() ? 1025 : 2;
    assertThat(lab.count(FsDaxLab.PFN + 2)).isEqualTo(held);
    assertThat(lab.warnings())
        .containsExactly("dax_disassociate_entry: page 0x400002 is still held, count " + held);
    lab.expectWarnings();
    lab.unpin(pins);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void newKernelsWaitForAPinnedPageOfAFileThatNobodyMaps(String era) throws Exception {
    given(era);
    long[] pins = mapped.pin(2, 1);
    mapped.unmap();
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
    } finally {
      lab.unpin(pins);
      truncate.join();
    }
  }

  /** B13, 12.6: while the lock is dropped for the wait, another page is pinned. */
  @EachEra
  void afterAWaitEverythingIsLookedAtAgain(String era) throws Exception {
    given(era);
    long[] first = mapped.pin(6, 1);
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    long[] second = {};
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
      second = mapped.pin(1, 1);
      lab.unpin(first);
      first = new long[0];
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).as("page 1 is held now").isFalse();
    } finally {
      lab.unpin(first);
      lab.unpin(second);
      truncate.join();
    }
    assertThat(file.nrPages()).isZero();
  }

  /**
   * The waiter wants a page without any reference. One that is faulted in again while the lock is
   * dropped has that of the mapping, so that the truncate waits for the mapping to go, too.
   */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void aPageThatIsMappedAgainDuringTheWaitIsWaitedForUntilItIsUnmapped(String era)
      throws Exception {
    given(era);
    long[] pins = mapped.pin(2, 1);
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
      mapped.write(2);
      lab.unpin(pins);
      pins = new long[0];
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).as("mapped, but not pinned").isFalse();
    } finally {
      lab.unpin(pins);
      mapped.unmap();
      truncate.join();
    }
  }

  @EachEra
  void anInterruptedWaitChangesNothing(String era) throws Exception {
    given(era);
    long[] pins = mapped.pin(0, 1);
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Crew truncate =
        new Crew()
            .add(() -> {
              waiter.set(Thread.currentThread());
              assertErrno(Errno.EINTR, () -> FsDaxLab.truncate(file, extents, 0, 8));
            })
            .start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
      waiter.get().interrupt();
      truncate.join();
      assertThat(lab.mapping(FsDaxLab.PFN)).isEqualTo(file.space().id());
      assertThat(file.nrPages()).isEqualTo(1);
      file.lockInvalidate();
      file.unlockInvalidate();
    } finally {
      lab.unpin(pins);
      truncate.join();
    }
  }

  /** B14: a put that does not know of managed pages makes the page idle, and wakes nobody. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "6.1")
  void aPutThatForgetsToWakeLeavesTheTruncateWaiting(String era) throws Exception {
    given(era);
    long held = mapped.get(3);
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).isFalse();
      lab.machine.pagePut().putWithoutWaking(held, 1);
      assertThat(lab.count(held)).isEqualTo(1);
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).as("the page is idle").isFalse();
    } finally {
      lab.put(mapped.get(3));
      truncate.join();
    }
  }

  /** B17: the page of an entry that is locked is looked at, too, once it is unlocked. */
  @EachEra
  void aLockedEntryIsNotSkipped(String era) throws Exception {
    given(era);
    mapped.write(5);
    EntryHold held = file.holdEntry(5, () -> true);
    long[] pins = mapped.pin(5, 1);
    Crew truncate = new Crew().add(() -> FsDaxLab.truncate(file, extents, 0, 8)).start();
    try {
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).as("the entry is locked").isFalse();
      held.release();
      assertThat(truncate.endsWithin(BLOCKED_MILLIS)).as("its page is pinned").isFalse();
    } finally {
      lab.unpin(pins);
      truncate.join();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.15", "6.17", "7.0", "7.2"})
  void newKernelsWaitForPinnedPagesBeforeAnInodeGoes(String era) throws Exception {
    given(era);
    long[] pins = mapped.pin(2, 1);
    mapped.unmap();
    Crew evict = new Crew().add(file::evict).start();
    try {
      assertThat(evict.endsWithin(BLOCKED_MILLIS)).isFalse();
    } finally {
      lab.unpin(pins);
      evict.join();
    }
    assertThat(lab.mapping(FsDaxLab.PFN + 2)).isZero();
    assertThat(lab.machine.addressSpaces().byMapping(file.space().id())).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.4", "5.10", "5.17", "5.18", "6.1", "6.12"})
  void oldKernelsLetAnInodeGoWhilePagesAreHeld(String era) {
    given(era);
    long[] pins = mapped.pin(2, 1);
    mapped.unmap();
    file.evict();
    assertThat(lab.warnings()).hasSize(1);
    lab.expectWarnings();
    lab.unpin(pins);
  }

  @EachEra
  void newKernelsRemoveAllEntriesOfTheFileWhenTheyBreakItsLayout(String era) {
    given(era);
    mapped.task.mm().touch(mapped.at, 8 * FsDaxLab.PAGE, (byte) 1);
    FsDaxLab.truncate(file, extents, 6, 2);
    boolean all = lab.context.policies().layout() == LayoutRule.ALL_FILES;
    assertThat(file.nrPages()).isEqualTo(all ? 0 : 6);
  }

  /** B19: an entry that is removed wakes all who wait for it, not only the next one. */
  @EachEra
  void whoeverWaitsForAnEntryThatGoesIsWoken(String era) throws Exception {
    lab = new FsDaxLab(era);
    DaxFile large = lab.file(new ExtentList(PMD).mapped(0, PMD, PMD));
    FsDaxLab.Mapped all = lab.map(large, PMD);
    all.write(0);
    all.unmap();
    EntryHold held = large.holdEntry(77, () -> true);
    Crew remover = new Crew().add(() -> large.deleteRange(0, PMD)).start();
    Crew waiters = new Crew();
    try {
      awaitWaiters(1);
      waiters.add(3, () -> large.writeback(0, PMD)).start();
      awaitWaiters(4);
    } finally {
      held.release();
      remover.join();
      waiters.join();
    }
    assertThat(large.nrPages()).isZero();
  }

  private void awaitWaiters(int nr) throws InterruptedException {
    for (int i = 0; i < 500 && lab.context.waits().nrWaiters() < nr; i++) {
      Thread.sleep(2);
    }
    assertThat(lab.context.waits().nrWaiters()).isEqualTo(nr);
  }

  /** B20: nothing at all is no conflict. */
  @EachEra
  void aLargeFaultOfAnEmptyRangeIsServed(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped all = lab.map(lab.file(new ExtentList(PMD).mapped(0, PMD, PMD)), PMD);
    all.write(300);
    assertThat(all.entryBytes(300)).isEqualTo(2 * FsDaxLab.MIB);
  }
}
