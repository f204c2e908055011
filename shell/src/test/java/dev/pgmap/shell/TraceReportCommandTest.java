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

/** {@code trace report} over a recording of a real kernel: 6.1 truncates a file that is held. */
class TraceReportCommandTest {
  @TempDir private Path directory;
  private Path recording = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void recording() {
    recording = Recordings.copy("6.1-truncate-v6.dat.zst", directory);
  }

  private int report(String... words) {
    List<String> line = new ArrayList<>(List.of("trace", "report", recording.toString()));
    line.addAll(List.of(words));
    Session session =
        Session.bootingLater(MachineSpec.standard(), directory.resolve("nowhere"), false);
    Shell shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));
    try (session) {
      return shell.execute(line);
    }
  }

  @Test
  void aRecordingBecomesOnePage() {
    Path page = directory.resolve("report.html");

    assertThat(report("--html", page.toString())).as(err.toString()).isEqualTo(Exit.OK);

    assertThat(out).hasToString(page + "\n");
    assertThat(page).content().startsWith("<!doctype html>").contains("\"events\":295");
  }

  @Test
  void thePageMustBeNamed() {
    assertThat(report()).isEqualTo(Exit.USAGE);

    assertThat(err.toString()).contains("found no --html OUT");
  }

  @Test
  void aPageThatCannotBeWrittenIsOneError() {
    assertThat(report("--html", directory.resolve("no/where.html").toString()))
        .isEqualTo(Exit.BAD_FILE);

    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("no/where.html");
  }
}
