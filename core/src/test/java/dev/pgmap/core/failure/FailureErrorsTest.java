package dev.pgmap.core.failure;

import static dev.pgmap.core.failure.FailureLab.REGION;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.Pagemap;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.core.testing.TestDaxDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures that cannot be handled: which errno, and that nothing is left behind. */
class FailureErrorsTest extends DevdaxTest {
  private static final long RAM_PFN = 0x1000;
  private static final long OFFLINE_PFN = 0x140000;
  private static final long MIXED_PFN = DevdaxMachine.DATA_PFN + 3;

  private FailureLab lab(String era, long align) {
    return FailureLab.create(boot(era), align);
  }

  @EachEra
  void aPfnWithoutMemoryIsOutsideTheKernelsControl(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    long end = lab.machine().structPages().map().endPfn();
    for (long pfn : new long[] {OFFLINE_PFN, end, end + 12345, Long.MAX_VALUE, -1, 1L << 52}) {
      assertErrno(Errno.ENXIO, () -> lab.machine().memoryFailure().fail(pfn, 0, null));
      assertErrno(Errno.ENXIO, () -> lab.machine().memoryFailure().softOffline(pfn, 0));
      assertErrno(Errno.ENXIO, () -> lab.machine().errorInjection().corruptPfn(pfn));
      boolean onlineOnly =
          lab.machine().era().failure().rules().contains(Rule.UNPOISONS_ONLINE_PAGES_ONLY);
      Errno refused = onlineOnly ? Errno.EIO : Errno.ENXIO;
      assertErrno(refused, () -> lab.machine().errorInjection().unpoisonPfn(pfn));
    }
    assertThat(lab.log()).hasSize(6).allMatch(text -> text.endsWith("outside kernel control"));
  }

  @EachEra
  void memoryThatWentOfflineIsOutsideTheKernelsControl(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    long pfn = lab.pfn(3);
    lab.map(2 * MIB).task().exit();
    lab.of().destroy(REGION);

    assertErrno(Errno.ENXIO, () -> lab.machine().memoryFailure().fail(pfn, 0, null));
    assertErrno(Errno.ENXIO, () -> lab.machine().errorInjection().corruptPfn(pfn));
  }

  @EachEra
  void metadataOfADeviceCannotBeRecovered(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    long start = lab.of().pagemap(REGION).spec().ranges().getFirst().firstPfn();
    long[] before = lab.of().snapshot(start, 8);

    for (long pfn : new long[] {start, start + 1, start + 5, lab.pfn(0) - 1}) {
      assertErrno(Errno.ENXIO, () -> lab.machine().errorInjection().corruptPfn(pfn));
    }

    assertThat(lab.of().snapshot(start, 8)).isEqualTo(before);
    assertThat(lab.log())
        .filteredOn(text -> text.startsWith("Memory"))
        .hasSize(4)
        .allMatch(text -> text.endsWith("recovery action for dax page: Failed"));
  }

  @EachEra
  void ramThatNoTaskMapsIsRefusedAndSoIsSoftOffline(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    Mapping anonymous = lab.of().mapAnonymous(lab.machine().newTask("test"), 2 * PAGE, true);
    anonymous.touch();

    assertErrno(Errno.EOPNOTSUPP, () -> lab.madvise(anonymous, 1, Advice.SOFT_OFFLINE));
    assertErrno(Errno.EOPNOTSUPP, () -> lab.machine().errorInjection().corruptPfn(RAM_PFN));

    assertThat(FailureLab.isMapped(anonymous, 0)).isTrue();
    assertThat(lab.isPoisoned(RAM_PFN)).isFalse();
    assertThat(anonymous.task().takeSignal()).isNull();
    anonymous.task().exit();
  }

  @EachEra
  void adviceOnAWrongRangeIsRefused(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);
    ErrorInjection injection = lab.machine().errorInjection();
    for (Advice advice : Advice.values()) {
      assertErrno(
          Errno.EINVAL, () -> injection.madvise(mapping.task(), mapping.start() + 1, PAGE, advice));
      assertErrno(
          Errno.EINVAL, () -> injection.madvise(mapping.task(), mapping.start(), -1, advice));
      assertErrno(
          Errno.EINVAL,
          () -> injection.madvise(mapping.task(), mapping.start(), Long.MAX_VALUE, advice));
      assertErrno(Errno.EINVAL, () -> injection.madvise(mapping.task(), -PAGE, PAGE, advice));
      assertErrno(
          Errno.EFAULT, () -> injection.madvise(mapping.task(), mapping.end(), PAGE, advice));
      injection.madvise(mapping.task(), mapping.start(), 0, advice);
    }
    assertThat(lab.log()).isEmpty();
    mapping.task().exit();
  }

  /** Ops that answer a memory failure in one way, and note what they were asked. */
  private static final class AnsweringOps implements DevPagemapOps {
    private final int answer;
    private int nrCalls;
    private long pfn;
    private long nrPages;
    private int flags;

    AnsweringOps(int answer) {
      this.answer = answer;
    }

    @Override
    public int memoryFailure(Pagemap pgmap, long firstPfn, long nr, int mfFlags) {
      nrCalls++;
      pfn = firstPfn;
      nrPages = nr;
      flags = mfFlags;
      if (answer > 0) {
        throw new IllegalStateException("broken driver");
      }
      return answer;
    }
  }

  private FailureLab lab(String era, DevPagemapOps ops) {
    DevdaxMachine m = boot(era);
    m.machine.daxBus().unregisterDriver("device_dax");
    m.machine.daxBus().registerDriver(new TestDaxDriver(ops));
    return FailureLab.create(m, PAGE);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void aDriverThatHandlesTheFailureIsTheOnlyOneToDoSo(String era) {
    AnsweringOps ops = new AnsweringOps(0);
    FailureLab lab = lab(era, ops);
    Mapping mapping = lab.map(2 * MIB);

    lab.poison(mapping, 8);

    assertThat(ops.pfn).isEqualTo(lab.pfn(8));
    assertThat(ops.nrPages).isEqualTo(1);
    assertThat(ops.flags)
        .isEqualTo(MfFlag.ACTION_REQUIRED | MfFlag.COUNT_INCREASED | MfFlag.SW_SIMULATED);
    assertThat(FailureLab.isMapped(mapping, 8)).isTrue();
    assertThat(lab.isPoisoned(lab.pfn(8))).isFalse();
    assertThat(mapping.task().takeSignal()).isNull();
    assertThat(lab.log()).last().asString().endsWith("dax page: Recovered");
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"6.1, EIO, -5", "7.2, ENXIO, -6", "7.2, EIO, -9999"})
  void aDriverThatFailsMakesTheHandlingFail(String era, Errno errno, int answer) {
    FailureLab lab = lab(era, new AnsweringOps(answer));
    Mapping mapping = lab.map(2 * MIB);

    assertThat(assertErrno(errno, () -> lab.poison(mapping, 8)))
        .hasMessageContaining("returned " + answer);

    assertThat(FailureLab.isMapped(mapping, 8)).isTrue();
    assertThat(lab.log()).last().asString().endsWith("dax page: Failed");
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 0", "5.17, 0", "6.1, 1", "6.12, 1", "7.2, 1"})
  void aDriverThatDoesNotCareLeavesItToTheEngine(String era, int nrCalls) {
    AnsweringOps ops = new AnsweringOps(-Errno.EOPNOTSUPP.number());
    FailureLab lab = lab(era, ops);
    Mapping mapping = lab.map(2 * MIB);

    lab.poison(mapping, 8);

    assertThat(ops.nrCalls).isEqualTo(nrCalls);
    assertThat(lab.isPoisoned(lab.pfn(8))).isTrue();
    mapping.task().exit();
  }

  @Test
  void aDriverThatThrowsLeavesNothingHeld() {
    FailureLab lab = lab("7.2", new AnsweringOps(1));
    Mapping mapping = lab.map(2 * MIB);

    assertThatThrownBy(() -> lab.poison(mapping, 8)).hasMessage("broken driver");

    assertThat(lab.log()).last().asString().endsWith("dax page: Failed");
    assertErrno(Errno.ENXIO, () -> lab.machine().memoryFailure().fail(-1, 0, null));
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, true", "5.17, true", "6.1, true", "6.12, false", "7.2, false"})
  void theReferenceOnAPageOfADyingPagemapIsLostBefore64(String era, boolean lost)
      throws InterruptedException {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);
    long[] held = mapping.take(Mapping.GET_FAST, 8, 1, 0);
    mapping.task().exit();
    DevPagemap pgmap = lab.machine().pagemaps().getDevPagemap(held[0], null);
    Crew destroyer = new Crew().add(() -> lab.of().destroy(REGION)).start();
    while (!pgmap.ref().isDying()) {
      Thread.yield();
    }
    int before = lab.of().count(held[0]);

    assertErrno(
        Errno.ENXIO,
        () -> lab.machine().memoryFailure().fail(held[0], MfFlag.COUNT_INCREASED, null));

    if (lost) {
      mapping.put(held);
    }
    lab.machine().pagemaps().putDevPagemap(pgmap);
    destroyer.join();
    assertThat(before).isPositive();
    assertThat(lab.log()).last().asString().endsWith("memory outside kernel control");
  }

  @Test
  void inAMixedSection510KeepsTheReferenceAndTeardownWaitsForEver() throws InterruptedException {
    DevdaxMachine m = boot("5.10");
    m.create(0, 2 * MIB, MapLocation.DEV);
    FailureLab lab = new FailureLab(m);
    Mapping mapping = m.map(0, 2 * MIB).touch();

    assertErrno(Errno.EBUSY, () -> lab.poison(mapping, 3));

    assertThat(m.count(MIXED_PFN)).isEqualTo(2);
    assertThat(lab.isPoisoned(MIXED_PFN)).isTrue();
    assertThat(FailureLab.isMapped(mapping, 3)).isTrue();
    assertThat(mapping.task().takeSignal()).isNull();
    assertThat(lab.log())
        .endsWith(
            "Memory failure: 0x70203: reserved kernel page still referenced by 1 users",
            "Memory failure: 0x70203: recovery action for reserved kernel page: Failed");
    lab.machine().errorInjection().unpoisonPfn(MIXED_PFN);
    assertThat(lab.log()).endsWith("Unpoison: Someone grabs the hwpoison page 0x70203");
    mapping.task().exit();
    Crew destroyer = new Crew().add(() -> m.destroy(0)).start();
    assertThat(destroyer.endsWithin(200)).as("teardown is over").isFalse();
    m.machine.gup().putPage(MIXED_PFN);
    destroyer.join();
  }

  @Test
  void inAMixedSection510TakesAReferenceOfItsOwnOnlyOnce() {
    DevdaxMachine m = boot("5.10");
    m.create(0, 2 * MIB, MapLocation.DEV);
    FailureLab lab = new FailureLab(m);

    assertErrno(Errno.EBUSY, () -> lab.machine().errorInjection().corruptPfn(MIXED_PFN));
    assertErrno(Errno.EHWPOISON, () -> lab.machine().errorInjection().corruptPfn(MIXED_PFN));

    assertThat(m.count(MIXED_PFN)).isEqualTo(2);
    assertThat(lab.log()).endsWith("Memory failure: 0x70203: already hardware poisoned");
    m.machine.gup().putPage(MIXED_PFN);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.17", "6.1", "6.12", "7.2"})
  void laterKernelsKnowDevicePagesInAMixedSection(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, 2 * MIB, MapLocation.DEV);
    FailureLab lab = new FailureLab(m);
    Mapping mapping = m.map(0, 2 * MIB).touch();

    lab.poison(mapping, 3);

    assertThat(lab.log()).last().asString().endsWith("dax page: Recovered");
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.10", "5.17"})
  void oldKernelsFindNothingToUnpoison(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);
    ErrorInjection injection = lab.machine().errorInjection();

    injection.unpoisonPfn(lab.pfn(0x405));
    assertThat(lab.log())
        .containsExactly("Unpoison: Page was already unpoisoned 0x%x".formatted(lab.pfn(0x405)));

    lab.poison(mapping, 8);
    injection.unpoisonPfn(lab.pfn(8));
    assertThat(lab.log())
        .endsWith("Unpoison: the hwpoison page has non-NULL mapping 0x%x".formatted(lab.pfn(8)));
    assertThat(lab.isPoisoned(lab.pfn(8))).isTrue();
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void newKernelsRefuseToUnpoisonDevicePages(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);
    lab.poison(mapping, 8);

    assertErrno(Errno.EIO, () -> lab.machine().errorInjection().unpoisonPfn(lab.pfn(8)));
    assertErrno(Errno.EBUSY, () -> lab.machine().errorInjection().unpoisonPfn(RAM_PFN));

    assertThat(lab.isPoisoned(lab.pfn(8))).isTrue();
    mapping.task().exit();
  }
}
