package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands with {@code |} between them run at once. */
@Timeout(60)
class PipeTest {
  private final ShellFixture lab = new ShellFixture(Era.named("7.2"));

  @AfterEach
  void end() {
    lab.close();
  }

  @Test
  void theNextCommandReadsWhileTheOneBeforeStillPrints() {
    assertThat(lab.run("{ echo first; sleep 0.3; echo second; sleep 1000; } | head -n 1"))
        .isEqualTo("first\n");
  }

  @Test
  void muchMoreThanAPipeHoldsGoesThroughUnchanged() {
    String words = "a ".repeat(50_000);

    assertThat(lab.run("for i in " + words + "; do echo line$i; done | cat | wc -l"))
        .isEqualTo("50000\n");
  }

  @Test
  void theExitCodeIsThatOfTheLastStage() {
    assertThat(lab.shell.execute("echo a | grep b")).isEqualTo(Exit.FAILED);
    assertThat(lab.shell.execute("cat /nowhere | true")).isEqualTo(Exit.OK);
    assertThat(lab.takeErr()).contains("cat: /nowhere");
  }

  @Test
  void aTimeoutEndsAllStages() {
    assertThat(lab.shell.execute("timeout 0.2 sh -c 'sleep 1000 | cat'")).isEqualTo(124);
    assertThat(lab.session.jobs().running()).isEmpty();
  }

  @Test
  void headAndTailTakeANumberInEitherForm() {
    String lines = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i; done | ";

    assertThat(lab.run(lines + "head -2")).isEqualTo("1\n2\n");
    assertThat(lab.run(lines + "tail -n 2")).isEqualTo("11\n12\n");
    assertThat(lab.run("echo one two | wc")).isEqualTo("      1       2       8\n");
    assertThat(lab.run(lines + "head | wc -l")).isEqualTo("10\n");
    assertThat(lab.fail(Exit.USAGE, lines + "head -x")).contains("-n N or -N").hasLineCount(1);
  }
}
