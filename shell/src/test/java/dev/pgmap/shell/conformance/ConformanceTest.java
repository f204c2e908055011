package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.shell.conformance.Row.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Every recording that comes along, run again. */
@TestInstance(Lifecycle.PER_CLASS)
class ConformanceTest {
  private static final Path PLUGINS = Path.of(System.getProperty("pgmap.plugins"));
  private static final Path PAGE =
      Path.of(System.getProperty("pgmap.root", "..")).resolve("docs/conformance.md");

  private List<Row> rows = List.of();

  @BeforeAll
  void runAll() {
    List<Recording> all = Recordings.bundled();
    Conformance conformance =
        new Conformance(PLUGINS, all, History.bundled(), KnownDifferences.bundled());
    rows = all.stream().map(conformance::run).toList();
  }

  @TestFactory
  Stream<DynamicTest> eachMatchesOrDiffersAsExplained() {
    return rows.stream()
        .filter(row -> row.verdict() != Verdict.NOT_RUN)
        .map(row ->
            DynamicTest.dynamicTest(
                row.recording().name(),
                () -> assertThat(row.verdict().isFailure()).as(row.difference()).isFalse()));
  }

  @Test
  void whatIsComparedIsNotLittle() {
    assertThat(rows).hasSizeGreaterThan(200);
    assertThat(rows.stream().filter(row -> row.verdict().isMatch()).count()).isGreaterThan(155);
    assertThat(rows.stream().filter(row -> row.verdict().isMatch()).mapToLong(Row::nrEvents).sum())
        .isGreaterThan(1_900_000);
  }

  @Test
  void explanationsAndHistoryAreOfRecordingsThatExist() {
    List<String> names = rows.stream().map(row -> row.recording().name()).toList();
    assertThat(names).containsAll(KnownDifferences.bundled().byRecording().keySet());
    assertThat(names).containsAll(History.bundled().earlierByRecording().keySet());
    assertThat(names).containsAll(History.bundled().earlierByRecording().values());
  }

  @Test
  void theDocumentationIsUpToDate() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("docs/conformance.md; ./pgmap conformance --markdown docs/conformance.md makes it")
        .isEqualTo(MarkdownReport.of(rows));
  }
}
