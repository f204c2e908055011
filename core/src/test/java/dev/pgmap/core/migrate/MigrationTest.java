package dev.pgmap.core.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.api.devmem.DevmemFeature;
import dev.pgmap.api.devmem.MigrateRequest;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.mm.SwapPolicies;
import dev.pgmap.core.mm.Vma;
import dev.pgmap.core.page.PageFlag;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.RefSequences;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.pgtable.SwapEntry;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevmemLab;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Failures;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that cannot move now, several faults on one page, and what is left on pages after. */
class MigrationTest {
  private static final long PAGE = DevmemLab.PAGE;

  @EachEra
  void aPinnedPageDoesNotMove(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(3);
      long[] pfns = new long[1];
      lab.machine.gup().pinUserPages(lab.mm(), at + PAGE, 1, FollFlag.WRITE, pfns, 0);

      Failures.assertErrno(
          Errno.ENOENT, () -> lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, 3));

      assertThat(Pte.pfn(lab.entry(at + PAGE))).isEqualTo(pfns[0]);
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at))).isTrue();
      assertThat(SwapEntry.isDevicePrivate(lab.entry(at + 2 * PAGE))).isTrue();
      assertThat(lab.mm().load(at + PAGE)).isEqualTo((byte) 2);
      lab.machine.gup().unpinUserPage(pfns[0]);
    }
  }

  @EachEra
  void aSourceThatMovedIsOnNoListWhenItIsFreed(String era) {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = lab.mapFilled(1);
      long src = Pte.pfn(lab.entry(at));

      lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, 1);

      long rec = lab.machine.structPages().record(src);
      assertThat(lab.machine.structPages().testFlag(rec, PageFlag.LRU)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void aSecondHolderKeepsAPageFromComingBackAndEveryFaultTriesInVain(String era) throws Exception {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = migrated(lab, device);
      long pfn = SwapEntry.pfn(lab.entry(at));
      lab.machine.pageRefs().mod(pfn, lab.machine.structPages().record(pfn), 1);
      Crew faulter = new Crew().add(() -> assertThat(lab.mm().load(at)).isEqualTo((byte) 1));
      try {
        faulter.start();
        awaitFaults(lab, 3);
        assertThat(SwapEntry.isDevicePrivate(lab.entry(at)) || SwapEntry.isMigration(lab.entry(at)))
            .isTrue();
      } finally {
        lab.machine.pagePut().put(pfn, 1);
        faulter.join();
      }
      assertThat(Pte.isPresent(lab.entry(at))).isTrue();
    }
  }

  private static void awaitFaults(DevmemLab lab, int atLeast) throws InterruptedException {
    for (int i = 0; i < 1000 && lab.driver.faultsBack.get() < atLeast; i++) {
      Thread.sleep(1);
    }
    assertThat(lab.driver.faultsBack.get()).isGreaterThanOrEqualTo(atLeast);
  }

  private static long migrated(DevmemLab lab, OpenDevice device) {
    long at = lab.mapFilled(1);
    lab.command(device, MirrorCommand.MIGRATE_TO_DEV, at, 1);
    return at;
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0", "7.2"})
  void aFaultSleepsWhileThePageIsLockedAndThenOneCallBringsItBack(String era) throws Exception {
    try (DevmemLab lab = new DevmemLab(era);
        OpenDevice device = lab.open(0)) {
      long at = migrated(lab, device);
      long pfn = SwapEntry.pfn(lab.entry(at));
      lab.machine.pageLocks().lock(pfn);
      Crew faulters = new Crew().add(4, () -> lab.mm().load(at));
      try {
        faulters.start();
        Crew.settle();
        assertThat(lab.driver.faultsBack).hasValue(0);
      } finally {
        lab.machine.pageLocks().unlock(pfn);
        faulters.join();
      }
      assertThat(lab.driver.faultsBack).hasValue(1);
    }
  }

  @EachEra
  void pagesInUseKeepThePagemapFromGoingWhereTheyHoldIt(String era) throws Exception {
    try (DevmemLab lab = new DevmemLab(era)) {
      long pfn = lab.memory(0).alloc(0);
      lab.machine.pageLocks().unlock(pfn);
      long rec = lab.machine.structPages().record(pfn);
      assertThat(lab.machine.pagemaps().all().getFirst().refCount()).isGreaterThan(1);
      // a page that no mapping has cannot be evicted: its holder must give it up
      lab.machine.pageRefs().mod(pfn, rec, 1);
      Crew unloader = new Crew().add(() -> lab.memory(0).removeChunks());
      try {
        unloader.start();
        Crew.settle();
        boolean waits = !unloader.endsWithin(200);
        assertThat(waits).isEqualTo(!era.equals("5.18"));
      } finally {
        if (lab.machine.structPages().recordOrZero(pfn) != 0) {
          lab.machine.pagePut().put(pfn, 1);
          lab.machine.pagePut().put(pfn, 1);
        } else {
          lab.expectLost(1);
        }
        unloader.join();
      }
    }
  }

  @EachEra
  void anExclusiveEntryIsTakenBackWithAReferenceFrom61On(String era) {
    RecordingPageRefs refs = new RecordingPageRefs();
    RefSequences sequences = refs.sequences();
    try (DevmemLab lab = new DevmemLab(era, refs);
        OpenDevice device = lab.open(0)) {
      SwapPolicies swap = lab.machine.era().swap();
      if (!swap.features().contains(DevmemFeature.EXCLUSIVE)) {
        Failures.assertErrno(
            Errno.EINVAL, () -> lab.command(device, MirrorCommand.EXCLUSIVE, lab.mapFilled(1), 1));
        return;
      }
      long at = lab.mapFilled(1);
      lab.command(device, MirrorCommand.EXCLUSIVE, at, 1);
      assertThat(SwapEntry.kind(lab.entry(at)).isDeviceExclusive()).isTrue();
      Failures.assertErrno(
          Errno.EPERM, () -> lab.command(device, MirrorCommand.CHECK_EXCLUSIVE, at, 1));
      long pfn = SwapEntry.pfn(lab.entry(at));
      sequences.clear();

      lab.mm().store(at, (byte) 7);

      lab.command(device, MirrorCommand.CHECK_EXCLUSIVE, at, 1);
      assertThat(Pte.pfn(lab.entry(at))).isEqualTo(pfn);
      boolean bare = swap.exclusive() == SwapPolicies.Exclusive.UNMAPPED_BARE;
      assertThat(sequences.of(pfn))
          .isEqualTo(bare ? "" : "mod_unless(+1)->2 ret=1 ; mod_and_test(-1)->1 ret=0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0", "7.2"})
  void aBasePageThatWasPartOfALargeFolioIsCleanAgain(String era) {
    try (DevmemLab lab = new DevmemLab(era)) {
      long folio = lab.memory(0).alloc(9);
      assertThat(lab.machine.structPages().order(folio)).isEqualTo(9);
      letGo(lab, folio);
      long other = lab.memory(0).alloc(9);
      assertThat(other).as("last freed first").isEqualTo(folio);
      letGo(lab, other);

      assertThat(lab.machine.structPages().headPfn(folio + 5)).isEqualTo(folio + 5);
      assertThat(lab.machine.structPages().order(folio + 5)).isZero();
      assertThat(lab.machine.structPages().pgmapIndex(lab.machine.structPages().record(folio + 5)))
          .isEqualTo(lab.machine.structPages().pgmapIndex(lab.machine.structPages().record(folio)));
    }
  }

  private static void letGo(DevmemLab lab, long pfn) {
    lab.machine.pageLocks().unlock(pfn);
    lab.machine.pagePut().put(pfn, 1);
  }

  @EachEra
  void refusesAreasAndRangesThatCannotMigrate(String era) {
    try (DevmemLab lab = new DevmemLab(era)) {
      long at = lab.mapFilled(2);
      lab.mm().mmapLock().lockRead();
      try {
        Vma vma = Objects.requireNonNull(lab.mm().findVma(at));
        assertRefused(lab, vma, at, at);
        assertRefused(lab, vma, at + 1, at + PAGE);
        assertRefused(lab, vma, at, vma.end() + PAGE);
      } finally {
        lab.mm().mmapLock().unlockRead();
      }
      assertThat(lab.mm().load(at)).isEqualTo((byte) 1);
    }
  }

  private static void assertRefused(DevmemLab lab, Vma vma, long start, long end) {
    MigrateRequest request =
        new MigrateRequest(
            vma, start, end, MigrateRequest.SYSTEM, "device0", MigrateRequest.NO_FAULT_PAGE);
    Failures.assertErrno(Errno.EINVAL, () -> MigrateVma.setup(lab.machine.mmContext(), request));
  }
}
