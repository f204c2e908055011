package dev.pgmap.shell.ndctltests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.ndctltests.TestResult.Verdict;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.weave.Agent;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class NdctlTestsTest {
  private static final Path PLUGINS = Path.of(System.getProperty("pgmap.plugins"));
  private static final NdctlTest CANARY = new NdctlTest("dax", "canary", "");

  @BeforeAll
  static void installTheAgent() {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
  }

  private static TestResult run(String script) throws InterruptedException {
    return new TestRun(CANARY, script).run(MachineSpec.standard(), PLUGINS);
  }

  static Stream<Arguments> testsInEras() {
    return Stream.of("5.10", "6.1", "7.2")
        .flatMap(era ->
            NdctlTest.all().stream()
                .filter(test -> test.skipReason().isEmpty())
                .map(test -> Arguments.of(era, test.name())));
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("testsInEras")
  void everyTestOfTheSuiteThatIsHerePasses(String era, String name) throws InterruptedException {
    MachineSpec like = MachineSpec.standard().withEra(Era.named(era));
    TestResult result = TestRun.of(NdctlTest.named(List.of(name)).getFirst()).run(like, PLUGINS);
    assertThat(result.verdict())
        .as("%s\n%s", result.reason(), result.output())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void testsThatAreNotHereAreSkippedWithAReason() throws InterruptedException {
    for (NdctlTest test : NdctlTest.all()) {
      if (!test.skipReason().isEmpty()) {
        TestResult result = TestRun.of(test).run(MachineSpec.standard(), PLUGINS);
        assertThat(result.verdict()).isEqualTo(Verdict.SKIP);
        assertThat(result.reason()).startsWith("needs ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "ndctl create-namespace -m devdax -r region0 -s 16M",
        "daxctl disable-device dax2.0",
        "daxctl disable-device dax2.0\ndaxctl reconfigure-device -s 512M dax2.0",
        "no-such-command"
      })
  void aScriptThatFailsOrLeavesSomethingBehindFails(String script) throws InterruptedException {
    TestResult result = run(script);
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.reason()).isNotEmpty();
  }

  @Test
  void aScriptMayAskToBeSkipped() throws InterruptedException {
    TestResult result = run("echo no such thing here\nexit 77");
    assertThat(result.verdict()).isEqualTo(Verdict.SKIP);
    assertThat(result.reason()).isEqualTo("no such thing here");
    assertThat(result.line(3, 12)).contains(" 3/12 ndctl:dax", "canary", "SKIP", "status 77");
  }

  @Test
  void namesAreThoseOfTheSuite() {
    assertThat(NdctlTest.named(List.of("align.sh", "multi-dax.sh")))
        .extracting(NdctlTest::name)
        .containsExactly("multi-dax.sh", "align.sh");
    assertThatThrownBy(() -> NdctlTest.named(List.of("tape.sh")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("tape.sh");
  }
}
