package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.NoStructPage;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.Failures;
import dev.pgmap.core.testing.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who holds pgmap->ref for a page that someone pinned, and whether teardown waits for it. */
class HoldSchemesTest extends DevdaxTest {
  private static final long[] ALIGNS = {4096, 2 * MIB};

  private DevdaxMachine bootWith(String era, String hold) {
    Era chosen = PolicyChoice.apply(Era.named(era), Map.of("hold", hold));
    return boot(DevdaxMachine.spec(chosen), new PageRefs());
  }

  @ParameterizedTest(name = "{0} hold={1}")
  @CsvSource({
    "5.10, transitions",
    "5.17, transitions",
    "5.18, transitions",
    "6.1, transitions",
    "6.12, transitions",
    "7.2, transitions",
    "5.10, sweep",
    "5.17, sweep",
    "5.18, sweep",
    "6.1, sweep",
    "6.12, sweep",
    "7.2, sweep"
  })
  void noPagemapGoesAwayWhileOneOfItsPagesIsPinned(String era, String hold) throws Exception {
    for (long align : ALIGNS) {
      DevdaxMachine m = bootWith(era, hold);
      m.create(0, align, MapLocation.MEM);
      DevPagemap pgmap = m.pagemap(0);
      Mapping mapping = m.map(0, 4 * MIB).touch();
      long[] pins = mapping.take(Mapping.PIN_FAST, 7, 600, FollFlag.WRITE);
      assertThat(pins).hasSize(600);
      assertThat(Invariants.check(m.machine)).isEmpty();
      AtomicBoolean unpinned = new AtomicBoolean();

      Crew crew =
          new Crew()
              .add(() -> {
                m.destroy(0);
                assertThat(unpinned).as("teardown waited for the pins").isTrue();
              })
              .start();
      while (pgmap.state() == DevPagemap.State.LIVE && !crew.hasFailed()) {
        Thread.onSpinWait();
      }
      Crew.settle();
      assertThat(pgmap.state()).isEqualTo(DevPagemap.State.DYING);
      mapping.unpin(Arrays.copyOf(pins, 599));
      Crew.settle();
      assertThat(pgmap.state()).as("one pin is left").isEqualTo(DevPagemap.State.DYING);
      unpinned.set(true);
      m.machine.gup().unpinUserPage(pins[599]);
      crew.join();

      assertThat(m.machine.pagemaps().all()).isEmpty();
      mapping.task().exit();
    }
  }

  @ParameterizedTest(name = "{0} hold={1}")
  @CsvSource({"5.18, bulk", "6.1, bulk", "6.12, allocation", "7.2, allocation"})
  void inBulkThePagemapGoesAwayUnderThePin(String era, String hold) {
    DevdaxMachine m = bootWith(era, hold);
    m.expectWarnings();
    m.create(0, 2 * MIB, MapLocation.MEM);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    long[] pins = mapping.take(Mapping.PIN_FAST, 0, 16, FollFlag.WRITE);

    m.destroy(0);

    assertThat(m.machine.pagemaps().all()).isEmpty();
    assertThatThrownBy(() -> mapping.unpin(pins)).isInstanceOf(NoStructPage.class);
    m.expectLostPins(16);
    mapping.task().exit();
  }

  @ParameterizedTest
  @CsvSource({"5.10", "6.1", "7.2"})
  void underTransitionsTheReferenceFollowsTheUsersOfEachFolio(String era) {
    DevdaxMachine m = bootWith(era, "transitions");
    m.create(0, 4096, MapLocation.MEM);
    DevPagemap pgmap = m.pagemap(0);
    assertThat(pgmap.refCount()).isEqualTo(1);
    Mapping mapping = m.map(0, 16 * 4096).touch();
    boolean mapped = m.machine.era().mapping().holdsReference();
    assertThat(pgmap.refCount()).isEqualTo(mapped ? 17 : 1);

    long[] first = mapping.take(Mapping.PIN_FAST, 0, 4, FollFlag.WRITE);
    long[] again = mapping.take(Mapping.PIN, 2, 4, FollFlag.WRITE);
    assertThat(pgmap.refCount()).isEqualTo(mapped ? 17 : 7);
    mapping.unpin(first);
    assertThat(pgmap.refCount()).isEqualTo(mapped ? 17 : 5);
    mapping.unmap();
    assertThat(pgmap.refCount()).isEqualTo(5);
    mapping.unpin(again);
    assertThat(pgmap.refCount()).isEqualTo(1);
    assertThat(m.count(DATA_PFN)).isEqualTo(1);
  }

  @Test
  void answersThatDoNotFitTogetherAreRefused() {
    for (Map<String, String> answers :
        List.of(
            Map.of("hold", "page"),
            Map.of("devmap", "yes"),
            Map.of("compound", "no"),
            Map.of("hold", "nobody"),
            Map.of("weather", "fine"))) {
      assertThat(Failures.assertErrno(Errno.EINVAL, () -> PolicyChoice.apply(Era.V7_2, answers)))
          .hasMessageContaining("policy")
          .hasMessageContaining("see policy list");
    }
    Era old =
        PolicyChoice.apply(
            Era.V7_2,
            Map.of("hold", "page", "refcount", "1-based", "devmap", "yes", "gup-walk", "per-page"));
    assertThat(old.label())
        .isEqualTo("7.2 devmap=yes gup-walk=per-page hold=page refcount=1-based");
  }

  @Test
  void everyAnswerOfEveryEraHasAName() {
    for (Era era : Era.all()) {
      for (PolicyChoice choice : PolicyChoice.all()) {
        String value = choice.current().apply(era);
        assertThat(choice.values()).as("%s of %s", choice.name(), era.name()).contains(value);
        if (!choice.name().equals("refcount")) {
          Era same = PolicyChoice.apply(era, Map.of(choice.name(), value));
          assertThat(choice.current().apply(same)).isEqualTo(value);
        }
      }
    }
  }
}
