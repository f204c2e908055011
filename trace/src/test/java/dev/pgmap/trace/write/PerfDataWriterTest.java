package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RandomSource;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.SourceBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerfDataWriterTest {
  private static final Pattern PAGE_REF = Pattern.compile("(page_ref_\\w+): +(pfn=.*)");
  private static final Pattern FRAME = Pattern.compile("^(?:=>|\t *ffffffff\\w+) (\\w+).*");

  @TempDir Path folder;

  @Test
  void perfScriptPrintsEventsTasksTimesAndChains() {
    TraceSource source =
        new SourceBuilder()
            .comm(42, "gup_test")
            .event("page_ref_mod_unless", 1, 42, 3_000_001_000L, "pfn", 5, "val", 1, "ret", 1)
            .stack("try_grab_folio", "gup_fast")
            .event("page_ref_mod", 0, 42, 3_000_002_000L, "flags", 0x10001)
            .event("print", 0, 0, 3_000_003_000L, "buf", "x".repeat(301))
            .build();

    List<String> lines = perf("script", source, "-F", "comm,tid,cpu,time,event,ip,sym,trace");

    assertThat(
            lines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.replaceAll(": +", ": ")))
        .containsExactly(
            "gup_test    42 [001]     3.000001: page_ref:page_ref_mod_unless: pfn=0x5 flags=none"
                + " count=0 mapcount=0 mapping=(nil) mt=0 val=1 ret=1",
            "\tffffffff81000000 try_grab_folio",
            "\tffffffff81000100 gup_fast",
            "gup_test    42 [000]     3.000002: page_ref:page_ref_mod: pfn=0x0 flags=locked|head"
                + " count=0 mapcount=0 mapping=(nil) mt=0 val=0",
            "swapper     0 [000]     3.000003: ftrace:print: 0x0: " + "x".repeat(301));
  }

  @Test
  void perfReportAddsUpByChain() {
    SourceBuilder builder = new SourceBuilder().comm(42, "gup_test");
    for (int i = 0; i < 40; i++) {
      builder.event("page_ref_mod", 0, 42, i * 1_000L, "pfn", i);
      if (i % 4 == 0) {
        builder.stack("get_page", "vmsplice");
      } else {
        builder.stack("try_grab_folio", "pin_user_pages");
      }
    }

    List<String> report = perf("report", builder.build(), "--stdio", "--sort=comm", "-G");

    assertThat(report.stream().map(line -> line.strip().replaceAll(" +", " ")))
        .contains("# Samples: 40 of event 'page_ref:page_ref_mod'", "100.00% 100.00% gup_test")
        .containsSubsequence(
            "|--75.00%--pin_user_pages", "| try_grab_folio", "--25.00%--vmsplice", "get_page");
  }

  @Test
  void everyEventHasItsTextAndItsChain() {
    long seed = new Random().nextLong(1L << 32);
    TraceSource source = new RandomSource(seed).events(3_000);
    StringBuilder report = new StringBuilder();
    FtraceText.report().print(source, report);

    List<String> theirs = pageRefsAndFrames(perf("script", source).stream());
    List<String> ours = pageRefsAndFrames(report.toString().lines());

    assertThat(ours).as("seed %d", seed).hasSizeGreaterThan(2_000);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(theirs.get(i)).as("seed %d, line %d", seed, i).isEqualTo(ours.get(i));
    }
    assertThat(theirs).hasSameSizeAs(ours);
  }

  private static List<String> pageRefsAndFrames(Stream<String> lines) {
    return lines.flatMap(PerfDataWriterTest::pageRefOrFrame).toList();
  }

  private static Stream<String> pageRefOrFrame(String line) {
    Matcher pageRef = PAGE_REF.matcher(line);
    Matcher frame = FRAME.matcher(line);
    if (pageRef.find()) {
      return Stream.of(pageRef.group(1) + " " + pageRef.group(2));
    }
    return frame.matches() ? Stream.of("=> " + frame.group(1)) : Stream.empty();
  }

  private List<String> perf(String command, TraceSource source, String... options) {
    RealTool perf = RealTool.named("perf", "linux-perf");
    Path file = folder.resolve("perf.data");
    new PerfDataWriter().write(source, file);
    List<Object> arguments =
        new ArrayList<>(
            List.of(command, "-i", file, "--kallsyms", PerfDataWriter.kallsymsOf(file)));
    arguments.addAll(List.of(options));
    return perf.run(arguments.toArray()).out();
  }
}
