package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.Shell;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conformance} as it is typed. */
class ConformanceCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Session session =
      Session.bootingLater(
          MachineSpec.standard(), Path.of(System.getProperty("pgmap.plugins")), false);
  private final Shell shell = new Shell(session, new PrintWriter(out), new PrintWriter(err));

  @TempDir private Path directory;

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void printsATableAndAPage() throws IOException {
    Path page = directory.resolve("page.md");
    int status =
        shell.execute("conformance --series 6.1 --scenario 'S4-*-idle' --markdown " + page);
    assertThat(status).isEqualTo(Exit.OK);
    assertThat(out.toString())
        .contains("6.1/S4-2M-dev-destroy-idle       0  match\n")
        .contains("6.1/S4-fsdax-destroy-idle        0  match\n")
        .endsWith("3 recordings: 3 match, 0 differ as explained, 0 not run, 0 differ\n");
    assertThat(page).content().contains("| S4-2M-dev-destroy-idle | 0 | match |", "## 6.1");
  }

  @Test
  void saysWhatIsNotRunAndWhy() throws IOException {
    Path page = directory.resolve("page.md");

    shell.execute("conformance --series 6.1 --scenario S3-full --markdown " + page);

    assertThat(out.toString())
        .contains("not run: is the whole of hmm-tests")
        .endsWith("1 recordings: 0 match, 0 differ as explained, 1 not run, 0 differ\n");
    assertThat(page).content().contains("- 1: is the whole of hmm-tests");
  }

  @Test
  void printsJson() {
    assertThat(shell.execute("conformance --scenario S4-4K-dev-pinlt-cycle --json"))
        .isEqualTo(Exit.OK);
    assertThat(out.toString())
        .contains("\"series\":\"6.12\"", "\"events\":512", "\"result\":\"match\"");
  }

  @Test
  void aFolderThatDiffersFailsTheCommand() throws IOException {
    for (Recording one : Recordings.bundled()) {
      if (one.name().equals("7.2/S1-devdax-2M-dev-pinfast-m2")) {
        for (String file : one.files().keySet()) {
          Path path = directory.resolve(one.name()).resolve(file);
          Files.createDirectories(Objects.requireNonNull(path.getParent()));
          Files.writeString(path, one.text(file).replace("->514", "->515"));
        }
      }
    }
    assertThat(shell.execute("conformance " + directory)).isEqualTo(Exit.FAILED);
    assertThat(out.toString())
        .contains("DIFFERS: page 0x70200, event 2: recorded mod_unless(+512)->515 ret=1, here")
        .endsWith("1 recordings: 0 match, 0 differ as explained, 0 not run, 1 differ\n");
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLine() {
    assertThat(shell.execute("conformance /none")).isEqualTo(Exit.BAD_FILE);
    assertThat(shell.execute("conformance --series 1.0")).isEqualTo(Exit.USAGE);
    assertThat(shell.execute("conformance --scenario '['")).isEqualTo(Exit.USAGE);
    assertThat(
            shell.execute("conformance --scenario S4-4K-dev-pinlt-cycle --markdown /none/page.md"))
        .isEqualTo(Exit.FAILED);
    assertThat(err.toString().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).contains("/none: found no such folder"),
            line -> assertThat(line).contains("found none of"),
            line -> assertThat(line).contains("found '[', expected a pattern"),
            line -> assertThat(line).contains("--markdown: cannot write /none/page.md"));
    assertThat(err.toString()).doesNotContain("xception");
  }
}
