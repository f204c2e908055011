package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.weave.Agent;
import java.nio.file.Path;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bugs of a driver, from the recording to the culprit. */
class HuntScenariosTest {
  private static final String DRIVER = "zdtool dma /dev/dax0.0 64K 4";

  @TempDir private Path directory;
  private final ShellFixture lab = boot();

  private static ShellFixture boot() {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    ShellFixture fixture = new ShellFixture(Era.named("7.2"));
    fixture.run("ndctl create-namespace -r region0 -m devdax -M mem -a 4K");
    return fixture;
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private Path record(String name, String command) {
    Path file = directory.resolve(name);
    lab.run("trace-cmd record -e page_ref -T -o %s %s".formatted(file, command));
    return file;
  }

  @Test
  void aDriverWithoutABugLeavesNothingAndDoesTheSameAgain() {
    Path once = record("once.dat", DRIVER);
    Path again = record("again.dat", DRIVER);

    assertThat(lab.run("trace leaks " + once)).startsWith("nothing outstanding\n");
    assertThat(lab.run("trace diff %s %s".formatted(once, again)))
        .startsWith("no difference\n")
        .contains("16 pages went through the same in both\n");
  }

  @Test
  void theForgottenPinIsFoundAndTheTimeoutThatForgotIt() {
    Path good = record("good.dat", DRIVER);
    Path bad = record("bad.dat", DRIVER + " forget");

    assertThat(lab.run("expect 1 trace leaks " + bad))
        .contains("#1  1 pin on 1 page\n", "pfn       0x7020f\n", "certainty sure\n")
        .contains("            zd_dma_map\n");
    assertThat(lab.run("expect 1 trace diff %s %s".formatted(good, bad)))
        .contains("15 pages went through the same in both\n")
        .containsPattern("A  mod_and_test\\(-1024\\)=0 in .* < zd_dma_timeout, and 1 more\n");
  }

  @Test
  void diffTellsWhereErasPart() {
    Path now = record("7.2.dat", DRIVER);
    lab.run("era 5.10");
    lab.run("ndctl create-namespace -r region0 -m devdax -M mem -a 4K");
    Path then = record("5.10.dat", DRIVER);

    assertThat(lab.run("expect 1 trace diff %s %s".formatted(then, now)))
        .contains("0 pages went through the same in both\n")
        .contains("16 pages did not go the same way\n");
  }

  @Test
  void wrongArgumentsAreOneLine() {
    assertThat(lab.fail(Exit.USAGE, DRIVER + " never"))
        .contains("found 'never', expected forget or twice");
    assertThat(lab.fail(Exit.BAD_FILE, "trace diff none.dat none.dat")).hasLineCount(1);
  }

  @Test
  void recipesAreForTheKernelThatIsAskedFor() {
    assertThat(lab.run("trace recipe --kernel 6.1 --pfn 0x70200-0x703ff"))
        .contains("p:gup/gup_put_folio_put", "pfn >= 0x70200 && pfn <= 0x703ff");
    assertThat(lab.fail(Exit.USAGE, "trace recipe --kernel new")).contains("such as 6.1");
  }
}
