package dev.pgmap.core.failure;

import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.util.Objects;

/** Failures of anonymous memory: who is told, what is left of the page. */
class AnonPageFailureTest extends DevdaxTest {
  private FailureLab lab;
  private Mapping memory;

  private void given(String era) {
    DevdaxMachine m = boot(era);
    lab = new FailureLab(m);
    memory = m.mapAnonymous(m.machine.newTask("test"), 4 * PAGE, true).touch();
  }

  private long pfn(long page) {
    return Objects.requireNonNull(memory.task().mm().tables().find(memory.at(page)))
        .pfnOf(memory.at(page));
  }

  private void unpoison(long pfn) {
    lab.machine().errorInjection().unpoisonPfn(pfn);
  }

  @EachEra
  void theTaskThatRanIntoItIsToldAndThePageIsLost(String era) {
    given(era);
    long pfn = pfn(1);

    lab.poison(memory, 1);

    SigInfo signal = memory.task().takeSignal();
    assertThat(signal)
        .isEqualTo(new SigInfo(TaskSignal.SIGBUS, SigInfo.BUS_MCEERR_AR, memory.at(1), 12));
    assertThat(lab.isPoisoned(pfn)).isTrue();
    assertThat(lab.of().count(pfn)).as("only the failure holds it").isEqualTo(1);
    assertThat(lab.log())
        .last()
        .asString()
        .endsWith("recovery action for dirty LRU page: Recovered");
    assertThatThrownBy(() -> memory.task().mm().load(memory.at(1))).isInstanceOf(TaskSignal.class);
    assertThat(memory.task().mm().load(memory.at(2))).as("its neighbour").isZero();
    memory.task().exit();
    unpoison(pfn);
    assertThat(lab.isPoisoned(pfn)).isFalse();
  }

  @EachEra
  void aSharerIsToldEarlyOnlyIfItAsked(String era) {
    given(era);
    Task asked = memory.task().fork();
    Task other = memory.task().fork();
    asked.setKilledEarly(true);
    long pfn = pfn(0);

    lab.machine().errorInjection().corruptPfn(pfn);

    assertThat(Objects.requireNonNull(asked.takeSignal()).code()).isEqualTo(SigInfo.BUS_MCEERR_AO);
    assertThat(other.takeSignal()).isNull();
    assertThat(memory.task().takeSignal()).isNull();
    assertThatThrownBy(() -> other.mm().load(memory.at(0))).isInstanceOf(TaskSignal.class);
    asked.exit();
    other.exit();
    memory.task().exit();
    unpoison(pfn);
  }

  @EachEra
  void aPageThatIsPinnedCannotBeGivenUpAndFailsOnce(String era) {
    given(era);
    long[] pins = memory.take(Mapping.PIN_FAST, 3, 1, FollFlag.WRITE);

    assertErrno(Errno.EBUSY, () -> lab.machine().errorInjection().corruptPfn(pins[0]));
    assertErrno(Errno.EHWPOISON, () -> lab.machine().errorInjection().corruptPfn(pins[0]));

    assertThat(lab.log()).anyMatch(text -> text.contains("dirty LRU page: Failed"));
    memory.unpin(pins);
    memory.task().exit();
    unpoison(pins[0]);
  }
}
