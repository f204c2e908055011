package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.weave.Agent;
import java.nio.file.Files;
import java.nio.file.Path;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type after {@code trace-cmd}. */
class TraceCmdScenariosTest {
  private static final String PIN_16 = "gup_test -a -S -n 16 -m 1 -f /dev/dax0.0";

  @TempDir private Path directory;
  private final ShellFixture lab = boot();

  private static ShellFixture boot() {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    ShellFixture fixture = new ShellFixture(Era.named("6.1"));
    fixture.run("ndctl create-namespace -r region0 -m devdax -M mem -a 4K");
    return fixture;
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private Path file() {
    return directory.resolve("trace.dat");
  }

  private String record(String options, String command) {
    String out = lab.run("trace-cmd record %s -o %s %s".formatted(options, file(), command));
    assertThat(file()).exists();
    return out;
  }

  private String report() {
    return lab.run("trace-cmd report " + file());
  }

  @Test
  void recordRunsTheCommandWithItsOwnOptionsAndWritesAFile() {
    assertThat(record("-e page_ref", PIN_16))
        .contains("PIN_FAST_BENCHMARK: Time:", file() + ": ", " bytes\n");

    assertThat(report())
        .startsWith("cpus=")
        .containsPattern("gup_test-\\d+ +\\[\\d{3}\\] .*page_ref_mod_unless: +pfn=0x70200 ");
    assertThat(lab.run("cat /sys/kernel/tracing/set_event")).isEmpty();
  }

  @Test
  void aFilterBelongsToTheEventBeforeIt() {
    record(
        "-e page_ref:page_ref_mod_unless -f 'pfn == 0x70203' -e page_ref_mod_and_test -T", PIN_16);

    assertThat(report())
        .contains("pfn=0x70203", "<stack trace", "page_ref_mod_and_test:")
        .doesNotContainPattern("page_ref_mod_unless: +pfn=0x70204");
  }

  @Test
  void theFunctionTracersRecordTheFunctionsChosen() {
    record("-p function_graph -l 'gup_*' -C counter -b 64", PIN_16);

    assertThat(report()).contains("gup_fast").doesNotContain("do_mmap");
  }

  @Test
  void theGraphBeginsAndEndsWhereItIsToldTo() {
    record("-p function_graph -g gup_fast_fallback", PIN_16);
    assertThat(report()).contains("gup_fast").doesNotContain("pin_user_pages_fast", "dax_mmap");

    record("-p function_graph --max-graph-depth 1", PIN_16);
    assertThat(report()).contains("gup_test_ioctl").doesNotContain("gup_fast", "{");
    assertThat(lab.run("cat /sys/kernel/tracing/max_graph_depth")).isEqualTo("0\n");
  }

  @Test
  void reportShowsWhatItIsToldToAsTheRealToolDoes() {
    record("-e page_ref", PIN_16);
    String all = report();

    String chosen =
        lab.run("trace-cmd report -F 'page_ref_mod_unless: pfn == 0x70203' -l -t " + file());
    String others = lab.run("trace-cmd report -v -F 'page_ref/.*_unless' --cpu 0-3 " + file());

    assertThat(chosen.lines().skip(1))
        .isNotEmpty()
        .allMatch(line ->
            line.matches(" *gup_test-\\d+ +\\d\\.{5} +\\d+\\.\\d{9}: page_ref_mod_unless:.*"));
    assertThat(chosen).doesNotContain("pfn=0x70204");
    assertThat(others.lines().toList())
        .isEqualTo(all.lines().filter(line -> !line.contains("_unless:")).toList());
    assertThat(lab.run("trace-cmd report -E " + file())).contains("page_ref:page_ref_mod\n");
    assertThat(lab.fail(Exit.USAGE, "trace-cmd report -F 'page_ref_mod:pfm == 1' " + file()))
        .contains("pfm");
  }

  @Test
  void startStopShowExtractAndResetWorkOnTheRings() {
    lab.run("trace-cmd start -e page_ref -R 'traceoff if pfn == 0x70205'");
    lab.run(PIN_16);
    lab.run("trace-cmd stop");

    assertThat(lab.run("trace-cmd show")).contains("pfn=0x70203");
    assertThat(lab.run("trace-cmd stat"))
        .contains("Tracing: disabled", "page_ref:page_ref_mod\n", "traceoff:unlimited if pfn");
    lab.run("trace-cmd extract -o " + file());
    assertThat(report()).contains("pfn=0x70203");
    assertThat(lab.run("trace-cmd show")).doesNotContain("pfn=0x70203");
    lab.run("trace-cmd reset");
    assertThat(lab.run("trace-cmd stat")).contains("Tracing: enabled").doesNotContain("page_ref");
  }

  @Test
  void aSnapshotIsTakenShownAndGivenUp() {
    lab.run("trace-cmd start -e page_ref");
    lab.run(PIN_16);

    lab.run("trace-cmd snapshot -s");

    assertThat(lab.run("trace-cmd snapshot")).contains("pfn=0x70203");
    assertThat(lab.run("trace-cmd show")).doesNotContain("pfn=0x70203");
    lab.run("trace-cmd snapshot -f");
    assertThat(lab.run("trace-cmd snapshot")).contains("Snapshot is freed");
  }

  @Test
  void listShowsEventsAndFunctionsAlsoOfAPluginLoadedLater() {
    lab.run("daxctl disable-device all");
    lab.run("rmmod device_dax");
    assertThat(lab.run("trace-cmd list -e")).contains("page_ref:page_ref_mod\n");

    lab.run("insmod device_dax");

    assertThat(lab.run("trace-cmd list -f")).contains("dev_dax_huge_fault\n");
  }

  @Test
  void theExitCodeIsThatOfTheCommand() {
    int status =
        lab.shell.execute("trace-cmd record -e page_ref -o " + file() + " gup_test -f /nowhere");

    assertThat(status).isEqualTo(Exit.FAILED);
    assertThat(file()).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-e page_ref -o TMP/trace.dat",
        "-o TMP/trace.dat true",
        "-f 'pfn == 1' -e page_ref -o TMP/trace.dat true",
        "-e page_ref -o TMP/nowhere/trace.dat true",
        "-e page_ref --file-version 5 -o TMP/trace.dat true",
        "-x -o TMP/trace.dat true"
      })
  void whatCannotBeRecordedIsRefusedBeforeTheCommandRuns(String options) {
    String error =
        lab.fail(Exit.USAGE, "trace-cmd record " + options.replace("TMP", directory.toString()));

    assertThat(error).hasLineCount(1);
    assertThat(Files.exists(file())).isFalse();
  }

  @Test
  void anEventThatIsNotThereLeavesEverythingOff() {
    assertThat(lab.fail(Exit.FAILED, "trace-cmd record -e nothing -o " + file() + " true"))
        .contains("'nothing'", "-EINVAL");

    assertThat(lab.run("trace-cmd stat")).contains("Tracer: nop").doesNotContain("Events");
  }
}
