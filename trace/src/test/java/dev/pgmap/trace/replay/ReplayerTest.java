package dev.pgmap.trace.replay;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.SourceBuilder;
import dev.pgmap.trace.testing.TracedMachine;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplayerTest {
  private static TraceSource pinned(TracedMachine m, long align) {
    m.devdax.create(0, align, MapLocation.MEM);
    m.tracePageRefs();
    Mapping mapping = m.devdax.map(0, 2 * MIB);
    mapping
        .task()
        .run(() -> {
          mapping.touch();
          mapping.unpin(mapping.takeAll(Mapping.PIN_FAST, 512, FollFlag.WRITE));
          mapping.unmap();
        });
    return m.tracer.freeze("recording");
  }

  private static Replayer.Result replay(TraceSource recording, Era era, long align) {
    NotedPageRefs refs = new NotedPageRefs();
    try (DevdaxMachine machine = new DevdaxMachine(era, refs)) {
      machine.create(0, align, MapLocation.MEM);
      return new Replayer(machine.machine, refs, machine.node(0)).replay(recording, pfn -> true);
    }
  }

  @EachEra
  void theEngineDoesWhatItDid(Era era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      try (TracedMachine m = new TracedMachine(era);
          TraceSource recording = pinned(m, align)) {
        Replayer.Result result = replay(recording, era, align);
        assertThat(result.divergence()).isNull();
        assertThat(result.steps()).isPositive();
      }
    }
  }

  @Test
  void anOlderKernelDoesNotTakeAWholeHugePageAtOnce() {
    try (TracedMachine m = new TracedMachine(Era.V7_2);
        TraceSource recording = pinned(m, 2 * MIB)) {

      Replayer.Result result = replay(recording, Era.V6_1, 2 * MIB);

      Divergence found = Objects.requireNonNull(result.divergence());
      assertThat(found.pfn()).isEqualTo(DATA_PFN);
      assertThat(found.recorded()).startsWith("mod_unless(+512) ret=1");
      assertThat(found.engine()).contains("never does mod_unless(+N)", "mod(+1)");
    }
  }

  @Test
  void aPutOfWhatNobodyHoldsIsRefused() {
    TraceSource recording =
        new SourceBuilder()
            .text(
                """
                a-7 [000] .....  1.000001: page_ref_mod: pfn=0x70200 flags=none count=2 mapcount=-1 mapping=0 mt=1 val=1
                a-7 [000] .....  1.000002: page_ref_mod_and_test: pfn=0x70200 flags=none count=1 mapcount=-1 mapping=0 mt=1 val=-1 ret=0
                a-7 [000] .....  1.000003: page_ref_mod_and_test: pfn=0x70200 flags=none count=0 mapcount=-1 mapping=0 mt=1 val=-1024 ret=1
                """)
            .build();

    Replayer.Result result = replay(recording, Era.V6_1, PAGE);

    assertThat(result.steps()).isEqualTo(2);
    assertThat(Objects.requireNonNull(result.divergence()).engine())
        .contains("refused", "count 1: 0 held by users, 1 by the engine itself");
  }

  @Test
  void stepsGoBackAsTheyWent() {
    try (TracedMachine m = new TracedMachine(Era.V6_1);
        TraceSource recording = pinned(m, PAGE);
        TimeMachine time = new TimeMachine(recording)) {
      MachineNow end = time.goTo(1536);
      assertThat(end.page(DATA_PFN)).isNotNull();
      assertThat(Objects.requireNonNull(end.page(DATA_PFN + 511)).count()).isEqualTo(1);

      assertThat(Objects.requireNonNull(time.goTo(1024).page(DATA_PFN + 511)).count())
          .isEqualTo(1025);
      assertThat(Objects.requireNonNull(time.goTo(1023).page(DATA_PFN + 511)).count()).isEqualTo(2);
      assertThat(time.goTo(0).pages()).isEmpty();
      assertThat(Objects.requireNonNull(time.goTo(1025).page(DATA_PFN)).count()).isEqualTo(1);
    }
  }

  @Test
  void aPgmapIsSeenToLiveAndDie() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      m.enableSystem("pgmap");
      m.devdax.create(0, 2 * MIB, MapLocation.MEM);
      m.devdax.destroy(0);
      try (TraceSource recording = m.tracer.freeze("recording");
          TimeMachine time = new TimeMachine(recording)) {
        PagemapNow.State last = PagemapNow.State.SEEN;
        StringBuilder states = new StringBuilder();
        while (time.next()) {
          for (PagemapNow pgmap : time.now().pagemaps()) {
            if (pgmap.state() != last) {
              last = pgmap.state();
              states.append(last).append(' ');
            }
          }
        }
        assertThat(states.toString()).isEqualTo("LIVE KILLED WAITING DRAINED REMOVED ");
      }
    }
  }
}
