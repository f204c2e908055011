package dev.pgmap.trace.tracer;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.record.FunctionTracing;
import dev.pgmap.trace.record.RecordClock;
import dev.pgmap.trace.testing.TracedMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TracerTest {
  private static Mapping mapped(TracedMachine m, long align) {
    m.devdax.create(0, align, MapLocation.MEM);
    return m.devdax.map(0, 2 * MIB).touch();
  }

  private static void pinAndUnpin(Mapping mapping) {
    mapping.task().run(() -> mapping.unpin(mapping.takeAll(Mapping.PIN_FAST, 512, FollFlag.WRITE)));
  }

  @EachEra
  void everyChangeOfACountIsRecordedWithItsValueAndResult(Era era) {
    try (TracedMachine m = new TracedMachine(era)) {
      Mapping mapping = mapped(m, PAGE);
      m.refs.sequences().clear();
      m.tracePageRefs();

      pinAndUnpin(mapping);

      Map<Long, List<String>> byPage = new TreeMap<>();
      m.recorded(event -> {
        byPage
            .computeIfAbsent(TracedMachine.number(event, "pfn"), pfn -> new ArrayList<>())
            .add(step(event));
        return "";
      });
      assertThat(byPage).hasSize(512);
      byPage.forEach((pfn, steps) ->
          assertThat(String.join(" ; ", steps)).isEqualTo(m.refs.sequences().of(pfn)));
    }
  }

  private static String step(TraceEvent event) {
    String kind = event.format().name().substring("page_ref_".length());
    long val = TracedMachine.number(event, "val");
    EventField ret = event.format().field("ret");
    return "%s(%s)->%d%s"
        .formatted(
            kind,
            kind.equals("set") ? String.valueOf(val) : "%+d".formatted(val),
            TracedMachine.number(event, "count"),
            ret == null ? "" : " ret=" + event.number(ret));
  }

  @Test
  void anEventSaysWhoDidItAndWhenAndOnWhichLane() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, 2 * MIB);
      m.tracePageRefs();

      pinAndUnpin(mapping);

      String who = mapping.task().comm() + "-" + mapping.task().pid() + " 0";
      assertThat(m.recorded(e -> e.comm() + "-" + e.pid() + " " + e.cpu())).containsOnly(who);
      List<Long> stamps = new ArrayList<>();
      m.recorded(event -> String.valueOf(stamps.add(event.timestamp())));
      assertThat(stamps).isSorted().hasSize(513);
    }
  }

  @Test
  void nothingIsRecordedWhileTracingIsOffAndNothingOfWhatIsNotEnabled() {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      Mapping mapping = mapped(m, PAGE);
      m.tracer.enable(List.of("page_ref:page_ref_mod_and_test"), true);
      m.tracer.recorder().turn(false);
      pinAndUnpin(mapping);
      assertThat(m.recorded(TraceEvent::comm)).isEmpty();

      m.tracer.recorder().turn(true);
      pinAndUnpin(mapping);

      assertThat(m.recorded(event -> event.format().name()))
          .hasSize(512)
          .containsOnly("page_ref_mod_and_test");
    }
  }

  @Test
  void theCounterClockNumbersTheEvents() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, 2 * MIB);
      m.tracePageRefs();
      m.tracer.recorder().clock(RecordClock.COUNTER);

      pinAndUnpin(mapping);

      List<String> expected = new ArrayList<>();
      for (int i = 1; i <= 513; i++) {
        expected.add(String.valueOf(i));
      }
      assertThat(m.recorded(event -> String.valueOf(event.timestamp()))).isEqualTo(expected);
    }
  }

  @Test
  void aSmallRingKeepsTheNewestEventsAndCountsTheLostOnes() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, PAGE);
      m.tracer.recorder().resize(2);
      m.tracePageRefs();

      pinAndUnpin(mapping);

      List<Long> lost = new ArrayList<>();
      List<String> pfns =
          m.recorded(event -> {
            lost.add(event.lost());
            return Long.toHexString(TracedMachine.number(event, "pfn"));
          });
      assertThat(pfns.getLast()).isEqualTo(Long.toHexString(DATA_PFN + 511));
      assertThat(lost.getFirst() + pfns.size()).isEqualTo(3 * 512);
      assertThat(lost.subList(1, lost.size())).containsOnly(0L);
    }
  }

  @Test
  void aRingThatKeepsTheOldestEventsDropsAndCountsTheNewOnes() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, PAGE);
      m.tracer.recorder().resize(2);
      m.tracer.recorder().overwrite(false);
      m.tracePageRefs();

      pinAndUnpin(mapping);

      List<String> pfns = m.recorded(event -> Long.toHexString(TracedMachine.number(event, "pfn")));
      assertThat(pfns.getFirst()).isEqualTo(Long.toHexString(DATA_PFN));
      assertThat(m.tracer.recorder().lanes().getFirst().lost()).isEqualTo(3 * 512 - pfns.size());
    }
  }

  @Test
  void aStackFollowsItsEventAndNamesKernelFunctions() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, 2 * MIB);
      m.tracer.enable(List.of("page_ref:page_ref_mod_and_test"), true);
      m.tracer.wantStacks(true);

      pinAndUnpin(mapping);

      try (var source = m.tracer.freeze("live")) {
        List<String> shown =
            TracedMachine.all(
                source,
                event ->
                    event.format().name().equals("kernel_stack")
                        ? source
                            .symbols()
                            .nameOf(event.element(event.format().fields().getLast(), 0))
                        : event.format().name());
        assertThat(shown).containsExactly("page_ref_mod_and_test", "unpin_user_pages_dirty_lock");
      }
    }
  }

  @Test
  void theFunctionTracerRecordsCallerAndCalleeAndTheGraphItsTimes() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m, 2 * MIB);
      m.tracer.traceFunctions(FunctionTracing.Kind.FUNCTION);
      pinAndUnpin(mapping);
      try (var source = m.tracer.freeze("live")) {
        List<String> calls =
            TracedMachine.all(
                source,
                event ->
                    source.symbols().nameOf(TracedMachine.number(event, "ip"))
                        + " <- "
                        + source.symbols().nameOf(TracedMachine.number(event, "parent_ip")));
        assertThat(calls).contains("pin_user_pages_fast <- null", "gup_fast <- gup_fast_fallback");
      }

      m.tracer.clear();
      m.tracer.filterFunctions("gup_fast"::equals);
      m.tracer.traceFunctions(FunctionTracing.Kind.FUNCTION_GRAPH);
      pinAndUnpin(mapping);

      List<String> graph =
          m.recorded(event ->
              event.format().name().equals("funcgraph_exit")
                      && TracedMachine.number(event, "rettime")
                          < TracedMachine.number(event, "calltime")
                  ? "backwards"
                  : event.format().name());
      assertThat(graph).containsExactly("funcgraph_entry", "funcgraph_exit");
    }
  }

  @Test
  void thePgmapSystemTellsTheLifeOfAPgmap() {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      m.enableSystem("pgmap");

      m.devdax.create(0, 2 * MIB, MapLocation.MEM);
      m.devdax.destroy(0);

      assertThat(
              m.recorded(event -> event.format().name()).stream()
                  .filter(name -> !name.startsWith("pgmap_ref")))
          .containsExactly(
              "pgmap_create", "pgmap_kill", "pgmap_wait", "pgmap_drained", "pgmap_remove");
    }
  }
}
