package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Session;
import dev.pgmap.trace.read.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trace query} over a recording of a real kernel: 6.1 truncates a file that is held. */
class TraceQueryCommandTest {
  @TempDir private Path directory;
  private Path recording = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void recording() {
    recording = Recordings.copy("6.1-truncate-v6.dat.zst", directory);
  }

  private int query(String... words) {
    List<String> line = new ArrayList<>(List.of("trace", "query", recording.toString()));
    line.addAll(List.of(words));
    Session session =
        Session.bootingLater(MachineSpec.standard(), directory.resolve("nowhere"), false);
    Shell shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));
    try (session) {
      return shell.execute(line);
    }
  }

  @Test
  void rowsAreATable() {
    assertThat(query("SELECT event, count(*) AS n FROM page_ref GROUP BY ALL ORDER BY n DESC"))
        .as(err.toString())
        .isEqualTo(Exit.OK);

    assertThat(out.toString()).startsWith("event").containsPattern("page_ref_mod_unless +16\n");
  }

  @Test
  void rowsAreCsvOrJsonOnRequest() {
    assertThat(query("--format", "csv", "SELECT count(*) AS n FROM event")).isEqualTo(Exit.OK);
    assertThat(query("--format=json", "SELECT count(*) AS n FROM event")).isEqualTo(Exit.OK);

    assertThat(out).hasToString("n\n295\n[\n{\"n\":295}\n]\n");
  }

  @Test
  void aResultIsWrittenAsParquet() {
    assertThat(query("--parquet", directory.resolve("out").toString(), "SELECT * FROM ref"))
        .as(err.toString())
        .isEqualTo(Exit.OK);

    assertThat(directory.resolve("out/result.parquet")).isNotEmptyFile();
    assertThat(out.toString()).endsWith("result.parquet\n");
  }

  @Test
  void tablesAreWrittenAsParquet() {
    assertThat(query("--parquet", directory.resolve("out").toString()))
        .as(err.toString())
        .isEqualTo(Exit.OK);

    assertThat(directory.resolve("out"))
        .isDirectoryContaining("glob:**/event.parquet")
        .isDirectoryContaining("glob:**/fs_dax.parquet")
        .isDirectoryContaining("glob:**/page.parquet");
  }

  @Test
  void whatCannotBeAnsweredIsOneLineAndWrongUsage() {
    assertThat(query("SELECT pfm FROM ref")).isEqualTo(Exit.USAGE);

    assertThat(err.toString().lines())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("trace: query: ")
        .contains("\"pfm\" not found", "expected");
  }

  @Test
  void aQueryCannotReadOtherFiles() {
    assertThat(query("SELECT * FROM read_text('" + recording + "')")).isEqualTo(Exit.USAGE);

    assertThat(err.toString()).contains("disabled by configuration");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void sqlOrParquetIsNeeded() {
    assertThat(query()).isEqualTo(Exit.USAGE);
    assertThat(query("--format", "xml", "SELECT 1")).isEqualTo(Exit.USAGE);

    assertThat(err.toString()).contains("found no SQL").contains("found 'xml'");
  }
}
