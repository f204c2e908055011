package dev.pgmap.core.failure;

import static dev.pgmap.core.failure.FailureLab.isMapped;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure does to the page, to the tables that map it, and to the tasks. */
class MemoryFailureTest extends DevdaxTest {
  private static final int SIGBUS = 7;

  private FailureLab lab(String era, long align) {
    return FailureLab.create(boot(era), align);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 3", "5.17, 0", "6.1, 0", "6.12, 0", "7.2, 0"})
  void aTaskThatRunsIntoAFailureLosesTheWholeHugeMapping(String era, long signalledPage) {
    FailureLab lab = lab(era, 2 * MIB);
    Mapping mapping = lab.map(4 * MIB);

    lab.poison(mapping, 3);

    assertThat(mapping.task().takeSignal())
        .isEqualTo(new SigInfo(SIGBUS, SigInfo.BUS_MCEERR_AR, mapping.at(signalledPage), 21));
    assertThat(mapping.task().takeSignal()).isNull();
    assertThat(isMapped(mapping, 0)).isFalse();
    assertThat(isMapped(mapping, 512)).as("the next huge page").isTrue();
    assertThat(lab.isPoisoned(lab.pfn(signalledPage))).isTrue();
    assertThat(lab.of().count(lab.pfn(3))).isEqualTo(1);
    assertThat(lab.log())
        .containsExactly(
            "Injecting memory failure for pfn 0x%x at process virtual address 0x%x"
                .formatted(lab.pfn(3), mapping.at(3)),
            "Memory failure: 0x%x: Sending SIGBUS to test:%d due to hardware memory corruption"
                .formatted(lab.pfn(3), mapping.task().pid()),
            "Memory failure: 0x%x: recovery action for dax page: Recovered".formatted(lab.pfn(3)));
    mapping.task().exit();
  }

  @EachEra
  void aPoisonedPageIsMappedAgainByTheNextAccess(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    Mapping mapping = lab.map(2 * MIB);
    lab.poison(mapping, 3);

    mapping.task().mm().store(mapping.at(3), (byte) 7);

    assertThat(mapping.task().mm().load(mapping.at(3))).isEqualTo((byte) 7);
    mapping.unpin(mapping.take(Mapping.PIN_FAST, 0, 8, 0));
    mapping.task().exit();
  }

  @EachEra
  void theOtherTasksLoseThatOnePageAndHearNothing(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping holder = lab.map(2 * MIB);
    Mapping mapping = lab.map(2 * MIB);

    lab.poison(mapping, 8);

    assertThat(mapping.task().takeSignal())
        .isEqualTo(new SigInfo(SIGBUS, SigInfo.BUS_MCEERR_AR, mapping.at(8), 12));
    assertThat(holder.task().takeSignal()).isNull();
    for (Mapping each : new Mapping[] {holder, mapping}) {
      assertThat(isMapped(each, 8)).isFalse();
      assertThat(isMapped(each, 7)).isTrue();
      assertThat(isMapped(each, 9)).isTrue();
      each.task().exit();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, false", "5.17, true", "6.1, true", "6.12, true", "7.2, true"})
  void aTaskThatAskedToBeKilledEarlyIsToldSince511(String era, boolean told) {
    FailureLab lab = lab(era, PAGE);
    Mapping early = lab.map(2 * MIB);
    early.task().setKilledEarly(true);
    Task child = early.task().fork();
    child.mm().store(early.at(8), (byte) 1);
    Mapping mapping = lab.map(2 * MIB);

    lab.poison(mapping, 8);

    SigInfo optional = new SigInfo(SIGBUS, SigInfo.BUS_MCEERR_AO, early.at(8), 12);
    assertThat(early.task().takeSignal()).isEqualTo(told ? optional : null);
    assertThat(child.takeSignal()).as("inherits the wish").isEqualTo(told ? optional : null);
    early.task().exit();
    child.exit();
    mapping.task().exit();
  }

  @EachEra
  void whereNobodyIsToldThePageStaysMapped(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);

    lab.machine().errorInjection().corruptPfn(lab.pfn(8));

    assertThat(lab.isPoisoned(lab.pfn(8))).isTrue();
    assertThat(isMapped(mapping, 8)).isTrue();
    assertThat(mapping.task().takeSignal()).isNull();
    assertThat(lab.log())
        .containsExactly(
            "Injecting memory failure at pfn 0x%x".formatted(lab.pfn(8)),
            "Memory failure: 0x%x: recovery action for dax page: Recovered".formatted(lab.pfn(8)));
    mapping.task().exit();
  }

  @EachEra
  void aTaskThatNoLongerMapsThePageHearsNothing(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);
    mapping.unmap();

    lab.machine().memoryFailure().fail(lab.pfn(8), 0, mapping.task());

    assertThat(lab.isPoisoned(lab.pfn(8))).isTrue();
    assertThat(mapping.task().takeSignal()).isNull();
    mapping.task().exit();
  }

  @EachEra
  void onlyTheFirstOfSeveralSignalsIsPending(String era) {
    FailureLab lab = lab(era, PAGE);
    Mapping mapping = lab.map(2 * MIB);

    lab.machine()
        .errorInjection()
        .madvise(mapping.task(), mapping.at(4), 2 * PAGE + 1, Advice.HWPOISON);

    SigInfo signal = mapping.task().takeSignal();
    assertThat(signal).isNotNull();
    assertThat(signal.address()).isEqualTo(mapping.at(4));
    assertThat(mapping.task().takeSignal()).isNull();
    for (long page = 3; page <= 7; page++) {
      assertThat(isMapped(mapping, page)).isEqualTo(page == 3 || page == 7);
    }
    mapping.task().exit();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 1024", "5.17, 2", "6.1, 2", "6.12, 2", "7.2, 2"})
  void oneFailureIsEnoughForACompoundPage(String era, int nrFailures) {
    FailureLab lab = lab(era, 2 * MIB);
    Mapping mapping = lab.map(4 * MIB);

    lab.machine()
        .errorInjection()
        .madvise(mapping.task(), mapping.start(), 4 * MIB, Advice.HWPOISON);

    assertThat(lab.log()).filteredOn(text -> text.endsWith("Recovered")).hasSize(nrFailures);
    mapping.task().exit();
  }

  @EachEra
  void aPageThatWasNeverMappedCannotBeHandled(String era) {
    FailureLab lab = lab(era, 2 * MIB);

    assertErrno(Errno.EBUSY, () -> lab.machine().errorInjection().corruptPfn(lab.pfn(0x405)));

    assertThat(lab.isPoisoned(lab.pfn(0x400))).isFalse();
    assertThat(lab.isPoisoned(lab.pfn(0x405))).isFalse();
    assertThat(lab.log())
        .endsWith(
            "Memory failure: 0x%x: recovery action for dax page: Failed".formatted(lab.pfn(0x405)));
  }

  @EachEra
  void devicePagesCannotBeSoftOfflined(String era) {
    FailureLab lab = lab(era, 2 * MIB);
    Mapping mapping = lab.map(2 * MIB);

    assertErrno(Errno.EIO, () -> lab.madvise(mapping, 5, Advice.SOFT_OFFLINE));

    assertThat(isMapped(mapping, 5)).isTrue();
    assertThat(lab.isPoisoned(lab.pfn(0))).isFalse();
    assertThat(mapping.task().takeSignal()).isNull();
    assertThat(lab.log())
        .containsExactly(
            "Soft offlining pfn 0x%x at process virtual address 0x%x"
                .formatted(lab.pfn(5), mapping.at(5)));
    mapping.task().exit();
  }

  @EachEra
  void aNewNamespaceKnowsNothingOfOldPoison(String era) {
    DevdaxMachine m = boot(era);
    FailureLab lab = FailureLab.create(m, 2 * MIB);
    Mapping mapping = lab.map(2 * MIB);
    lab.poison(mapping, 3);
    mapping.task().exit();
    assertThat(Invariants.checkIdle(m.machine)).as("else teardown may wait for ever").isEmpty();

    m.destroy(FailureLab.REGION);
    FailureLab again = FailureLab.create(m, 2 * MIB);

    assertThat(again.isPoisoned(again.pfn(0))).isFalse();
    assertThat(again.isPoisoned(again.pfn(3))).isFalse();
  }
}
