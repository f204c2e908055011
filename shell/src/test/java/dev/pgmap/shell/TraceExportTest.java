package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Session;
import dev.pgmap.trace.read.Recordings;
import dev.pgmap.trace.testing.RealTool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real recording of Linux 6.1, given to other tools. */
class TraceExportTest {
  @TempDir private Path directory;
  private Path recording = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void recording() {
    recording = Recordings.copy("6.1-truncate-v6.dat.zst", directory);
  }

  private int run(String... words) {
    Session session =
        Session.bootingLater(MachineSpec.standard(), directory.resolve("nowhere"), false);
    Shell shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));
    try (session) {
      return shell.execute(List.of(words));
    }
  }

  private Path export(String format, String... options) {
    Path file = directory.resolve("out." + format);
    List<String> words =
        new ArrayList<>(List.of("trace", "export", recording.toString(), "--format", format));
    words.addAll(List.of("-o", file.toString()));
    words.addAll(List.of(options));
    assertThat(run(words.toArray(String[]::new))).as(err.toString()).isEqualTo(Exit.OK);
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace.dat", "trace.dat-v7"})
  void traceCmdPrintsTheCopyAsWePrintTheOriginal(String format) throws IOException {
    Path copy = export(format);
    Path report = export("report");

    RealTool traceCmd = RealTool.named("trace-cmd", "trace-cmd");
    assertThat(traceCmd.run("report", "-i", copy).out())
        .isEqualTo(Files.readAllLines(report))
        .hasSizeGreaterThan(295);
  }

  @Test
  void perfScriptPrintsEveryEvent() {
    Path data = export("perf");

    assertThat(out.toString())
        .isEqualTo("perf report -i %s --kallsyms %s.kallsyms\n".formatted(data, data));
    List<String> lines =
        RealTool.named("perf", "linux-perf")
            .run("script", "-i", data, "--kallsyms", data + ".kallsyms")
            .out();
    assertThat(lines.stream().filter(line -> line.contains("page_ref:page_ref_mod_unless:")))
        .hasSize(16);
  }

  @Test
  void onlyWhatIsSelectedIsWritten() throws IOException {
    Path text = export("text", "-e", "page_ref_mod_unless");

    assertThat(Files.readString(text)).contains("# entries-in-buffer/entries-written: 16/16 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"perfetto", "collapsed", "jfr"})
  void otherFormatsAreWritten(String format) {
    assertThat(export(format, "--page-refs=5")).isNotEmptyFile();
  }

  @Test
  void whatIsAskedForWronglyIsToldInOneLineAndNothingIsWritten() throws IOException {
    Path file = directory.resolve("out");
    String from = recording.toString();

    assertThat(run("trace", "export", from, "-f", "ctf", "-o", file.toString()))
        .isEqualTo(Exit.USAGE);
    assertThat(run("trace", "export", from, "-f", "perf")).isEqualTo(Exit.USAGE);
    assertThat(run("trace", "export", from, "-f", "trace.dat-v7", "--compress", "lz4", "-o", "x"))
        .isEqualTo(Exit.USAGE);
    assertThat(run("trace", "export", from, "-f", "text", "-o", directory + "/none/out"))
        .isEqualTo(Exit.BAD_FILE);

    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("'ctf'", "trace.dat, trace.dat-v7, perf"),
            line -> assertThat(line).contains("--output"),
            line -> assertThat(line).contains("'lz4', expected none, zlib or zstd"),
            line -> assertThat(line).contains("none/out: cannot be written"));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(recording);
    }
  }
}
