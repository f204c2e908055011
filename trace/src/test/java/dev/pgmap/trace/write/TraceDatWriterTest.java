package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceDatWriterTest {
  @TempDir Path folder;

  /** Those that the trace-cmd of Debian reads: it is built without zlib. */
  private static Stream<TraceDatWriter> writers() {
    return Stream.of(
        TraceDatWriter.v6(),
        TraceDatWriter.v7(Compression.NONE),
        TraceDatWriter.v7(Compression.ZSTD));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void traceCmdPrintsEventsWithTasksStacksAndLosses(TraceDatWriter writer) {
    TraceSource source =
        new SourceBuilder()
            .comm(42, "gup_test")
            .event("page_ref_mod", 0, 42, 1_000_000_000L, "pfn", 0x70200, "flags", 0x10001)
            .stack("try_grab_folio", "gup_fast", "pin_user_pages_fast")
            .event("page_ref_mod_and_test", 1, 42, 3_000_000_000L, "val", -1, "ret", 1)
            .lost(42)
            .build();

    assertThat(report(writer, source))
        .containsExactly(
            "cpus=2",
            "        gup_test-42    [000]     1.000000: page_ref_mod:         pfn=0x70200"
                + " flags=locked|head count=0 mapcount=0 mapping=(nil) mt=0 val=0",
            "        gup_test-42    [000]     1.000000: kernel_stack:         <stack trace >",
            "=> try_grab_folio (ffffffff81000000)",
            "=> gup_fast (ffffffff81000100)",
            "=> pin_user_pages_fast (ffffffff81000200)",
            "CPU:1 [42 EVENTS DROPPED]",
            "        gup_test-42    [001]     3.000000: page_ref_mod_and_test: pfn=0x0 flags=none"
                + " count=0 mapcount=0 mapping=(nil) mt=0 val=-1 ret=1");
  }

  @ParameterizedTest
  @MethodSource("writers")
  void traceCmdPrintsEveryBufferUnderItsName(TraceDatWriter writer) {
    TraceSource source =
        new SourceBuilder()
            .event("page_ref_mod", 1, 7, 1_000)
            .event("page_ref_mod", 0, 7, 2_000)
            .buffer("bad-run")
            .event("page_ref_mod", 1, 7, 3_000)
            .buffer("worse")
            .build();

    List<String> lines = report(writer, source);

    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).doesNotContain("bad-run").contains("0.000001");
    assertThat(lines.get(2)).startsWith("bad-run:").contains("[000]").contains("0.000002");
    assertThat(lines.get(3)).contains("worse:").contains("[001]").contains("0.000003");
  }

  @ParameterizedTest
  @MethodSource("writers")
  void stampsOfACountingClockArePrintedAsTheyAre(TraceDatWriter writer) {
    TraceSource source =
        new SourceBuilder()
            .clock("counter")
            .event("page_ref_mod", 0, 7, 1)
            .event("page_ref_mod", 0, 7, 1L << 40)
            .build();

    assertThat(report(writer, source))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("cpus=1"),
            line -> assertThat(line).contains(" 1: page_ref_mod:"),
            line -> assertThat(line).contains("]1099511627776: page_ref_mod:"));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void longTextsAndManyPagesArrive(TraceDatWriter writer) {
    SourceBuilder builder = new SourceBuilder().cpus(4);
    for (int i = 0; i < 1_000; i++) {
      builder.event("print", i % 3, 7, i * 1_000L, "buf", i + "x".repeat(i % 400));
    }

    List<String> lines = report(writer, builder.build());

    assertThat(lines.stream().filter(line -> line.contains("print:"))).hasSize(1_000);
    assertThat(lines).anyMatch(line -> line.endsWith(" 399" + "x".repeat(399)));
  }

  @Test
  void anEventThatFitsOnNoPageIsRefusedAndNothingIsLeft() throws IOException {
    TraceSource source =
        new SourceBuilder().event("print", 0, 7, 5, "buf", "x".repeat(5_000)).build();
    Path file = folder.resolve("trace.dat");

    assertThatThrownBy(() -> TraceDatWriter.v6().write(source, file))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("ftrace:print at 5 has 5017 bytes");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  private List<String> report(TraceDatWriter writer, TraceSource source) {
    Path file = folder.resolve("trace.dat");
    writer.write(source, file);
    return RealTool.named("trace-cmd", "trace-cmd").run("report", "-i", file).out().stream()
        .map(line -> line.contains("EVENTS DROPPED") ? line.strip() : line)
        .toList();
  }
}
