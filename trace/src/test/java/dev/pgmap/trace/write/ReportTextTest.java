package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.RandomSource;
import dev.pgmap.trace.testing.RealTool;
import dev.pgmap.trace.testing.SourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our text of a recording against trace-cmd's text of the file that we make of it. */
class ReportTextTest {
  @TempDir Path folder;

  private static Stream<Arguments> recordings() {
    long first = new Random().nextLong(1L << 32);
    return LongStream.range(first, first + 4)
        .boxed()
        .flatMap(seed ->
            Stream.of(
                Arguments.of(seed, TraceDatWriter.v6()),
                Arguments.of(seed, TraceDatWriter.v7(Compression.NONE)),
                Arguments.of(seed, TraceDatWriter.v7(Compression.ZSTD))));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("recordings")
  void traceCmdPrintsLineByLineWhatWePrint(long seed, TraceDatWriter writer) throws IOException {
    assertSameLines(new RandomSource(seed).events(2_000), writer);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("recordings")
  void soItDoesWhereTheClockCounts(long seed, TraceDatWriter writer) throws IOException {
    assertSameLines(new RandomSource(seed).counting().events(200), writer);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("recordings")
  void soItDoesWithSeveralBuffers(long seed, TraceDatWriter writer) throws IOException {
    SourceBuilder builder = new SourceBuilder().comm(7, "task");
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      builder.event("page_ref_mod", random.nextInt(3), 7, i * 7_777L, "pfn", i);
      builder.buffer(List.of("", "", "good", "bad-run").get(random.nextInt(4)));
    }
    assertSameLines(builder.build(), writer);
  }

  private void assertSameLines(TraceSource source, TraceDatWriter writer) throws IOException {
    Path dat = folder.resolve("trace.dat");
    Path text = folder.resolve("report.txt");
    writer.write(source, dat);
    FtraceText.report().write(source, text);

    List<String> theirs = RealTool.named("trace-cmd", "trace-cmd").run("report", "-i", dat).out();
    List<String> ours = Files.readAllLines(text);

    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      assertThat(ours.get(i)).as("line %d", i + 1).isEqualTo(theirs.get(i));
    }
    assertThat(ours).hasSameSizeAs(theirs);
  }
}
