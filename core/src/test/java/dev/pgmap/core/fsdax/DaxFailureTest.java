package dev.pgmap.core.fsdax;

import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.Iomap;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.failure.MfFlag;
import dev.pgmap.core.mm.EngineFile.EntryHold;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.EachEra;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of DAX files that fail: who is told, by which way, and what a truncate meanwhile does. */
class DaxFailureTest {
  private static final long PMD = FsDaxLab.PMD_PAGES;
  private static final long BLOCKED_MILLIS = 40;

  private FsDaxLab lab;

  @AfterEach
  void checkAndClose() {
    lab.check();
    lab.close();
  }

  private boolean isPoisoned(long pfn) {
    return lab.machine
        .structPages()
        .testFlag(
            lab.machine.structPages().record(lab.machine.structPages().headPfn(pfn)),
            PageFlag.HWPOISON);
  }

  private void poison(FsDaxLab.Mapped mapped, long page) {
    lab.machine
        .errorInjection()
        .madvise(mapped.task, mapped.address(page), FsDaxLab.PAGE, Advice.HWPOISON);
  }

  @EachEra
  void theTaskIsToldOfThePageThatItMaps(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(4).mapped(0, 4, 0)), 4);
    mapped.write(2);

    poison(mapped, 2);

    SigInfo signal = Objects.requireNonNull(mapped.task.takeSignal());
    assertThat(signal.code()).isEqualTo(SigInfo.BUS_MCEERR_AR);
    assertThat(signal.address()).isEqualTo(mapped.address(2));
    assertThat(signal.addressLsb()).isEqualTo(12);
    assertThat(isPoisoned(FsDaxLab.PFN + 2)).isTrue();
    assertThat(mapped.pfn(2)).isEqualTo(-1);
    mapped.write(2);
    assertThat(mapped.pfn(2)).as("it is faulted in again").isEqualTo(FsDaxLab.PFN + 2);
  }

  @EachEra
  void aLargeMappingGoesAsAWhole(String era) {
    lab = new FsDaxLab(era);
    FsDaxLab.Mapped mapped = lab.map(lab.file(new ExtentList(PMD).mapped(0, PMD, PMD)), PMD);
    mapped.write(7);
    poison(mapped, 7);
    SigInfo signal = Objects.requireNonNull(mapped.task.takeSignal());
    assertThat(signal.addressLsb()).isEqualTo(21);
    boolean folio = lab.order(FsDaxLab.PFN + PMD) > 0;
    assertThat(signal.address()).isEqualTo(mapped.address(folio ? 0 : 7));
    assertThat(mapped.pfn(0)).isEqualTo(-1);
  }

  @EachEra
  void aPageThatNoFileHasIsNoFailureToHandle(String era) {
    lab = new FsDaxLab(era);
    assertErrno(Errno.EBUSY, () -> lab.machine.memoryFailure().fail(FsDaxLab.PFN + 9, 0, null));
    assertThat(isPoisoned(FsDaxLab.PFN + 9)).isFalse();
  }

  /** A failure holds the entry, so that a truncate cannot take the page from under it. */
  @EachEra
  void aFailureWaitsForWhoeverHasTheEntry(String era) throws Exception {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(4).mapped(0, 4, 0));
    FsDaxLab.Mapped mapped = lab.map(file, 4);
    mapped.write(1);
    EntryHold held = Objects.requireNonNull(file.holdEntry(1, () -> true));
    Crew failure =
        new Crew().add(() -> lab.machine.memoryFailure().fail(FsDaxLab.PFN + 1, 0, null)).start();
    try {
      assertThat(failure.endsWithin(BLOCKED_MILLIS)).isFalse();
      assertThat(isPoisoned(FsDaxLab.PFN + 1)).isFalse();
    } finally {
      held.release();
      failure.join();
    }
    assertThat(isPoisoned(FsDaxLab.PFN + 1)).isTrue();
  }

  /** The entry goes while the failure waits for it: the page has no file any more. */
  @EachEra
  void aFailureThatLosesToATruncateFindsNoFile(String era) throws Exception {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(4).mapped(0, 4, 0));
    FsDaxLab.Mapped mapped = lab.map(file, 4);
    mapped.write(1);
    EntryHold held = Objects.requireNonNull(file.holdEntry(1, () -> true));
    Crew truncate = new Crew().add(() -> file.deleteRange(0, 4)).start();
    awaitWaiters(1);
    Crew failure =
        new Crew()
            .add(() -> {
              try {
                lab.machine.memoryFailure().fail(FsDaxLab.PFN + 1, 0, null);
              } catch (MmException e) {
                assertThat(e.errno()).isEqualTo(Errno.EBUSY);
              }
            })
            .start();
    try {
      awaitWaiters(2);
    } finally {
      held.release();
      truncate.join();
      failure.join();
    }
    assertThat(file.nrPages()).isZero();
  }

  private void awaitWaiters(int nr) throws InterruptedException {
    for (int i = 0; i < 500 && lab.context.waits().nrWaiters() < nr; i++) {
      Thread.sleep(2);
    }
    assertThat(lab.context.waits().nrWaiters()).isEqualTo(nr);
  }

  /** A shared page has no mapping: only the file system can say which files it belongs to. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void aSharedPageIsHandledByFileAndOffset(String era) {
    lab = new FsDaxLab(era);
    DaxFile a = lab.file(new ExtentList(4).put(Iomap.Type.MAPPED, 2, 1, 5, Iomap.F_SHARED));
    DaxFile b = lab.file(new ExtentList(4).put(Iomap.Type.MAPPED, 0, 1, 5, Iomap.F_SHARED));
    FsDaxLab.Mapped inA = lab.map(a, 4);
    FsDaxLab.Mapped inB = lab.map(b, 4);
    inA.read(2);
    inB.read(0);
    inB.task.setKilledEarly(true);
    long pfn = FsDaxLab.PFN + 5;
    if (lab.context.policies().layout() == LayoutRule.ALL_FILES) {
      // The first file to map it was the only one then; the second made it shared.
      inA.task.mm().load(inA.address(2));
    }
    assertErrno(Errno.EBUSY, () -> lab.machine.memoryFailure().fail(pfn, 0, null));

    assertThat(a.killProcs(2, 1, 0)).isZero();
    assertThat(b.killProcs(0, 1, 0)).isZero();

    assertThat(isPoisoned(pfn)).isTrue();
    assertThat(inA.task.takeSignal()).as("did not ask to be told early").isNull();
    assertThat(Objects.requireNonNull(inB.task.takeSignal()).code())
        .isEqualTo(SigInfo.BUS_MCEERR_AO);
    assertThat(inB.pfn(0)).isEqualTo(-1);
  }

  @EachEra
  void aDeviceThatGoesTellsEveryTaskAndMarksNoPage(String era) {
    lab = new FsDaxLab(era);
    DaxFile file = lab.file(new ExtentList(8).mapped(0, 4, 0));
    FsDaxLab.Mapped mapped = lab.map(file, 8);
    mapped.write(3);
    mapped.read(6);

    file.killProcs(0, 8, MfFlag.MEM_PRE_REMOVE);

    assertThat(Objects.requireNonNull(mapped.task.takeSignal()).code())
        .isEqualTo(SigInfo.BUS_MCEERR_AO);
    assertThat(isPoisoned(FsDaxLab.PFN + 3)).isFalse();
    assertThat(mapped.pfn(3)).isEqualTo(-1);
    assertThat(mapped.pfn(6)).as("a hole is no page of the device").isNotEqualTo(-1);
  }

  @EachEra
  void pagesFailWhileTheyAreFaultedTruncatedAndCleaned(String era) throws Exception {
    long seed = Crew.seed("DaxFailureTest " + era);
    lab = new FsDaxLab(era);
    lab.expectWarnings();
    ExtentList extents = new ExtentList(16).mapped(0, 16, 0);
    DaxFile file = lab.file(extents);
    FsDaxLab.Mapped mapped = lab.map(file, 16);
    AtomicBoolean over = new AtomicBoolean();
    Crew crew = new Crew();
    crew.add(2, () -> touch(new Random(seed), mapped, over));
    crew.add(() -> fail(new Random(seed + 1), over));
    crew.add(() -> {
      while (!over.get()) {
        file.lockInvalidate();
        try {
          file.breakLayout(0, Long.MAX_VALUE);
          file.deleteRange(0, Long.MAX_VALUE);
        } finally {
          file.unlockInvalidate();
        }
        file.writeback(0, Long.MAX_VALUE);
      }
    });
    try {
      crew.start();
      Thread.sleep(250);
    } finally {
      over.set(true);
      crew.join();
    }
  }

  private static void touch(Random random, FsDaxLab.Mapped mapped, AtomicBoolean over) {
    while (!over.get()) {
      mapped.write(random.nextInt(16));
    }
  }

  private void fail(Random random, AtomicBoolean over) {
    while (!over.get()) {
      try {
        lab.machine.memoryFailure().fail(FsDaxLab.PFN + random.nextInt(16), 0, null);
      } catch (MmException e) {
        assertThat(e.errno()).isIn(Errno.EBUSY);
      }
    }
  }
}
