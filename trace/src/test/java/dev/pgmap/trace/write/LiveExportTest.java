package dev.pgmap.trace.write;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.record.FunctionTracing;
import dev.pgmap.trace.record.RecordClock;
import dev.pgmap.trace.ring.RawPages;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.TracedMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of our own machine, whose rings are copied page by page. */
class LiveExportTest {
  @TempDir Path folder;

  private static Mapping mapped(TracedMachine m) {
    m.devdax.create(0, PAGE, MapLocation.MEM);
    return m.devdax.map(0, 2 * MIB).touch();
  }

  private static void pinAndUnpin(Mapping mapping) {
    mapping.task().run(() -> mapping.unpin(mapping.takeAll(Mapping.PIN_FAST, 512, FollFlag.WRITE)));
  }

  @EachEra
  void traceCmdPrintsEventsStacksAndFunctionsAsWeDo(Era era) throws IOException {
    try (TracedMachine m = new TracedMachine(era)) {
      Mapping mapping = mapped(m);
      m.tracePageRefs();
      m.enableSystem("pgmap");
      m.tracer.wantStacks(true);
      m.tracer.traceFunctions(FunctionTracing.Kind.FUNCTION);
      pinAndUnpin(mapping);
      m.tracer.mark("unpinned");

      assertSameLines(m, 1_024);
    }
  }

  @Test
  void soItIsWithTheTreeOfCalls() throws IOException {
    try (TracedMachine m = new TracedMachine(Era.V6_12)) {
      Mapping mapping = mapped(m);
      m.tracer.traceFunctions(FunctionTracing.Kind.FUNCTION_GRAPH);
      pinAndUnpin(mapping);

      assertSameLines(m, 4);
    }
  }

  @Test
  void soItIsWithACountingClock() throws IOException {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      Mapping mapping = mapped(m);
      m.tracer.recorder().clock(RecordClock.COUNTER);
      m.tracePageRefs();
      pinAndUnpin(mapping);

      assertSameLines(m, 512);
    }
  }

  @Test
  void soItIsWhereOldPagesWereOverwritten() throws IOException {
    try (TracedMachine m = new TracedMachine(Era.V6_1)) {
      Mapping mapping = mapped(m);
      m.tracer.recorder().resize(4);
      m.tracePageRefs();
      pinAndUnpin(mapping);
      pinAndUnpin(mapping);

      List<String> lines = assertSameLines(m, 100);
      assertThat(lines).hasSizeLessThan(400);
    }
  }

  private List<String> assertSameLines(TracedMachine m, int atLeast) throws IOException {
    Path text = folder.resolve("report.txt");
    Path dat = folder.resolve("trace.dat");
    try (TraceSource source = m.tracer.freeze("live")) {
      assertThat(source).isInstanceOf(RawPages.class);
      FtraceText.report().write(source, text);
      List<String> ours = Files.readAllLines(text);
      assertThat(ours).hasSizeGreaterThan(atLeast);
      for (TraceDatWriter writer :
          List.of(TraceDatWriter.v6(), TraceDatWriter.v7(Compression.ZSTD))) {
        writer.write(source, dat);
        assertThat(RealTool.named("trace-cmd", "trace-cmd").run("report", "-i", dat).out())
            .isEqualTo(ours);
      }
      return ours;
    }
  }
}
