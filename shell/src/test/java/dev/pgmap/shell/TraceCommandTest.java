package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Session;
import dev.pgmap.trace.read.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  @TempDir private Path directory;
  private Path recording = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void recording() {
    recording = Recordings.copy("6.1-truncate-v6.dat.zst", directory);
  }

  /** Plugins are looked for where there are none: booting a machine would fail. */
  private int run(String... words) {
    Session session =
        Session.bootingLater(MachineSpec.standard(), directory.resolve("nowhere"), false);
    Shell shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));
    try (session) {
      return shell.execute(List.of(words));
    }
  }

  @Test
  void infoTellsKindClockAndEventsWithoutAMachine() {
    assertThat(run("trace", "info", recording.toString())).as(err.toString()).isEqualTo(Exit.OK);

    assertThat(out.toString())
        .containsPattern("kind +trace.dat\n")
        .containsPattern("clock +mono\n")
        .containsPattern("events +295\n")
        .containsPattern("time +\\d+\\.\\d{6} to \\d+\\.\\d{6}\n")
        .containsPattern("lost +0\n")
        .containsPattern("ftrace:function +183\n")
        .containsPattern("page_ref:page_ref_mod_unless +16\n");
  }

  @Test
  void infoHasAJsonForm() {
    assertThat(run("trace", "info", "--json", recording.toString())).isEqualTo(Exit.OK);

    assertThat(out.toString()).contains("\"events\":295", "\"page_ref:page_ref_mod_unless\":16");
  }

  @Test
  void eventsPrintsThoseThatWereAskedFor() {
    assertThat(
            run(
                "trace",
                "events",
                "--report",
                "-e",
                "page_ref",
                "--event=fs_dax:*_done",
                recording.toString()))
        .as(err.toString())
        .isEqualTo(Exit.OK);

    assertThat(out.toString().lines().filter(line -> line.contains("page_ref_mod_unless:")))
        .hasSize(16);
    assertThat(out.toString().lines().filter(line -> line.contains("dax_writeback_range_done:")))
        .hasSize(15);
    assertThat(out.toString()).doesNotContain("function:").doesNotContain("dax_insert_pfn_mkwrite");
  }

  @Test
  void aFileThatIsNoRecordingIsToldInOneLine() throws Exception {
    Path text = Files.writeString(directory.resolve("notes.txt"), "nothing of interest\n");

    assertThat(run("trace", "info", text.toString())).isEqualTo(Exit.BAD_FILE);
    assertThat(err.toString()).startsWith("trace: " + text + ": ").hasLineCount(1);
    assertThat(run("trace", "info", directory + "/none")).isEqualTo(Exit.BAD_FILE);
    assertThat(err.toString()).contains("/none: no such file, expected a recording");
  }

  @Test
  void aPatternThatIsNoneIsRefused() {
    assertThat(run("trace", "events", "--pattern", "(?<ts", recording.toString()))
        .isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("--pattern: found '(?<ts', expected a regex");
  }
}
