package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.SourceBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, loaded by the library that is below KernelShark's windows. */
class KernelSharkTest {
  private static final Path HEADERS = Path.of("/usr/include/kernelshark");

  @TempDir static Path folder;
  private static RealTool kshark;

  @BeforeAll
  static void compileTheLoader() {
    RealTool gcc = RealTool.named("gcc", "gcc");
    if (!Files.exists(HEADERS)) {
      RealTool.absent("KernelShark's library is not installed: apt-get install libkshark-dev");
    }
    Path sources = Path.of(System.getProperty("pgmap.root"), "trace/src/test/c");
    Path program = folder.resolve("kshark_entries");
    gcc.run(
        "-Wall",
        "-Werror",
        "-I" + sources,
        "-I" + HEADERS,
        sources.resolve("kshark_entries.c"),
        "-lkshark",
        "-o",
        program);
    kshark = new RealTool(program.toString());
  }

  private static Stream<TraceDatWriter> writers() {
    return Stream.of(
        TraceDatWriter.v6(),
        TraceDatWriter.v7(Compression.NONE),
        TraceDatWriter.v7(Compression.ZSTD));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void allEntriesAreLoaded(TraceDatWriter writer) {
    SourceBuilder builder = new SourceBuilder().cpus(4).comm(7, "gup_test");
    for (int i = 0; i < 2_000; i++) {
      builder.event(i % 2 == 0 ? "page_ref_mod" : "page_ref_set", i % 3, 7, i * 1_000L, "pfn", i);
      if (i % 10 == 0) {
        builder.stack("get_page", "caller");
      }
    }

    List<String> entries = load(writer, builder.build());

    assertThat(countByEvent(entries))
        .containsOnly(
            Map.entry("page_ref/page_ref_mod", 1_000L),
            Map.entry("page_ref/page_ref_set", 1_000L),
            Map.entry("ftrace/kernel_stack", 200L));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void anEntryHasItsCpuTaskTimeAndText(TraceDatWriter writer) {
    TraceSource source =
        new SourceBuilder()
            .comm(42, "gup_test")
            .event("page_ref_mod", 1, 42, 1_234_567_891L, "pfn", 0x70200, "flags", 1, "val", -1)
            .build();

    assertThat(load(writer, source))
        .containsExactly(
            "page_ref/page_ref_mod 1 42 1234567891 gup_test pfn=0x70200 flags=locked count=0"
                + " mapcount=0 mapping=(nil) mt=0 val=-1");
  }

  private static Map<String, Long> countByEvent(List<String> entries) {
    return entries.stream()
        .map(entry -> entry.substring(0, entry.indexOf(' ')))
        .filter(event -> event.contains("/"))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static List<String> load(TraceDatWriter writer, TraceSource source) {
    Path file = folder.resolve("trace.dat");
    writer.write(source, file);
    return kshark.run(file).out();
  }
}
