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

  /** The line and the pattern that trace recipe shows for printk. */
  @Test
  void linesOfALogServeLeaksAndExplain() throws Exception {
    Path log =
        Files.writeString(
            directory.resolve("dmesg.txt"),
            """
            [   12.345000] usb 1-1: new high-speed USB device
            [   12.345678] drv: GET pfn=70200 pid=42 (drv_map)
            [   12.345680] drv: GET pfn=70201 pid=42 (drv_map)
            [   12.500000] drv: PUT pfn=70200 pid=42 (drv_unmap)
            """);
    String pattern =
        "\\[ *(?<ts>[0-9.]+)\\].* (?<event>GET|PUT) pfn=(?<pfnHex>\\w+) pid=(?<pid>\\d+)"
            + " \\((?<function>\\w+)\\)";

    run("trace", "leaks", "--pattern", pattern, log.toString());
    run("trace", "explain", "--pattern", pattern, log.toString(), "0x70200");

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains("outstanding: 1 reference, acquired in 1 place\n")
        .contains("3 changes of 2 pages")
        .containsPattern("pfn +0x70201\n")
        .containsPattern("taken in +drv_map\n")
        .contains("page 0x70200: 2 changes of its count\n")
        .contains("gives back 1 reference it took itself in drv_map");
  }

  @Test
  void aPatternThatIsNoneIsRefused() {
    assertThat(run("trace", "events", "--pattern", "(?<ts", recording.toString()))
        .isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("--pattern: found '(?<ts', expected a regex");
  }
}
