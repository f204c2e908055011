package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellTest {
  private final ShellFixture fixture = new ShellFixture(Era.V6_12);

  @AfterEach
  void close() {
    fixture.assertSound();
    fixture.close();
  }

  @Test
  void expandsVariablesOutputAndStars() {
    assertThat(fixture.run("x='a  b'; echo $x \"$x\" '$x' \\$x ${x}c"))
        .isEqualTo("a b a  b $x $x a bc\n");
    assertThat(fixture.run("echo \"[$(echo 'a b'; echo c)]\"")).isEqualTo("[a b\nc]\n");
    assertThat(fixture.run("echo $none; echo \"$none\" end")).isEqualTo("\n end\n");
    assertThat(fixture.run("echo /proc/m* '/proc/m*' /none/*"))
        .isEqualTo("/proc/meminfo /proc/modules /proc/m* /none/*\n");
    assertThat(fixture.run("echo -x -n y")).isEqualTo("-x -n y\n");
    assertThat(fixture.run("echo $(cut -d' ' -f1 /proc/uptime)")).matches("\\d+\\.\\d\\d\n");
  }

  @Test
  void chainsAndLoops() {
    assertThat(fixture.run("cat /x && echo a || echo b; echo $?")).isEqualTo("b\n0\n");
    assertThat(fixture.run("for a in 1 2; do for b in x y; do echo $a$b; done; done"))
        .isEqualTo("1x\n1y\n2x\n2y\n");
    assertThat(fixture.run("cat /x; echo $?; ndctl bogus; echo $?")).isEqualTo("1\n2\n");
  }

  @Test
  void runsJobsBesideTheConsole() {
    assertThat(fixture.run("sleep 5 & sleep 5 & jobs"))
        .contains("[1]  Running    sleep 5", "[2]  Running    sleep 5");
    fixture.run("kill %1 %2");
    fixture.fail(Exit.INTERRUPTED, "wait %1");
    fixture.run("wait");
    assertThat(fixture.run("jobs")).isEmpty();
    assertThat(fixture.run("echo in the back & wait $!; echo $?")).isEqualTo("in the back\n0\n");
    assertThat(fixture.fail(Exit.USAGE, "wait %9")).contains("found '%9'");
  }

  @Test
  void timeoutInterrupts() {
    assertThat(fixture.fail(Exit.TIMED_OUT, "timeout 0.1 sleep 5")).contains("interrupted");
    assertThat(fixture.run("timeout 5 echo fine")).isEqualTo("fine\n");
    assertThat(fixture.fail(Exit.USAGE, "timeout soon echo a")).contains("found 'soon'");
    fixture.run("sleep 0.2");
  }

  @Test
  void expectTurnsAFailureIntoSuccess() {
    fixture.run("expect ENOENT cat /proc/none");
    fixture.run("expect 2 ndctl bogus");
    fixture.run("expect 1 cat /proc/none");
    assertThat(fixture.fail(Exit.FAILED, "expect EBUSY cat /proc/none"))
        .contains("expect: found ENOENT, expected EBUSY of: cat /proc/none");
    assertThat(fixture.fail(Exit.FAILED, "expect EBUSY echo a"))
        .contains("found success, expected EBUSY");
    assertThat(fixture.fail(Exit.USAGE, "expect EBOGUS echo a")).contains("found 'EBOGUS'");
  }

  @ParameterizedTest
  @CsvSource({
    "gup_tset -a, did you mean 'gup_test'?",
    "ndtcl list, did you mean 'ndctl'?",
    "qwertyuiop, help lists them",
    "ndctl list --regins, did you mean --regions",
    "dmesg -x, unknown option '-x'",
    "dmesg -l loud, found 'loud'",
    "sleep, Missing required parameter",
    "sleep -1, found '-1'",
    "era bogus now, found 1 words",
    "exit 256, found '256'",
    "exit x, found 'x'"
  })
  void suggestsWhatWasMeant(String line, String message) {
    assertThat(fixture.fail(Exit.USAGE, line)).contains(message).hasLineCount(1);
  }

  @Test
  void helpShowsEveryCommand() {
    String overview = fixture.run("help");
    for (String name : fixture.shell.registry().names()) {
      assertThat(overview).containsPattern("\n  \\Q" + name + "\\E +[A-Z]");
      assertThat(fixture.run("help " + name)).startsWith("Usage: " + name);
    }
    assertThat(fixture.run("ndctl create-namespace --help")).contains("--align", "Usage: ndctl");
    assertThat(fixture.run("help ndctl list")).startsWith("Usage: ndctl list");
    assertThat(fixture.run("help script")).contains("expect EBUSY");
    assertThat(fixture.fail(Exit.USAGE, "help bogus")).contains("found 'bogus'");
  }

  @Test
  void erasAreShownComparedAndBooted() {
    assertThat(fixture.run("era")).startsWith("* 6.12");
    assertThat(fixture.run("era list")).hasLineCount(Era.all().size()).contains("  7.2 ");
    assertThat(fixture.run("era compare 5.10 7.2"))
        .containsPattern("mapping +devmap-entries-late-mapping +normal-pages +differs");
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.run("era 7.2")).contains("booted a fresh machine of era 7.2");
    assertThat(fixture.run("ndctl list; era")).startsWith("* 7.2");
    assertThat(fixture.fail(Exit.FAILED, "era 7.3")).contains("5.10, 5.17, 5.18, 6.1", "-EINVAL");
    fixture.run("sleep 5 &");
    assertThat(fixture.fail(Exit.FAILED, "era 5.10")).contains("-EBUSY");
    fixture.run("kill %1");
  }

  @Test
  void policiesOfAMachineAreShownAndChosenByABoot() {
    assertThat(fixture.run("policy"))
        .containsPattern("hold +allocation +era 6.12 +page bulk allocation transitions sweep");
    assertThat(fixture.run("policy hold=sweep")).contains("era 6.12 hold=sweep", "are gone");
    assertThat(fixture.run("policy")).containsPattern("hold +sweep +chosen");
    assertThat(fixture.run("era")).startsWith("* 6.12 hold=sweep");
    assertThat(fixture.run("policy final-put=folio_free; era"))
        .contains("6.12 final-put=folio_free hold=sweep");
    assertThat(fixture.run("era 6.1; era")).contains("* 6.1 ");
    assertThat(fixture.fail(Exit.FAILED, "policy hold=page")).contains("refcount=1-based");
    assertThat(fixture.fail(Exit.FAILED, "policy hold=me")).contains("transitions, sweep");
    assertThat(fixture.fail(Exit.FAILED, "policy held=page")).contains("one of refcount, hold");
    assertThat(fixture.fail(Exit.USAGE, "policy hold")).contains("NAME=VALUE");
    assertThat(fixture.fail(Exit.USAGE, "policy hold=bulk hold=page")).contains("twice");
  }

  @Test
  void machineIsShown() {
    assertThat(fixture.run("machine"))
        .contains("era     6.12", "cpus    2", "region0 [0x70000000-0x73ffffff] (64M)");
    assertThat(fixture.run("machine --json")).contains("\"era\":\"6.12\"", "\"size\":\"64M\"");
    assertThat(fixture.run("cat /proc/meminfo")).matches("MemTotal: +\\d+ kB\nMemFree: +\\d+ kB\n");
    assertThat(fixture.run("cat /proc/version")).startsWith("Linux version 6.12");
  }

  @Test
  void dmesgFiltersAndClears() {
    assertThat(fixture.run("dmesg")).contains("era 6.12");
    assertThat(fixture.run("dmesg -l warn")).isEmpty();
    fixture.run("dmesg -c");
    assertThat(fixture.run("dmesg")).isEmpty();
  }

  @Test
  void longLinesAreRefused() {
    String line = "echo " + "x".repeat(10 << 20);
    assertThat(fixture.fail(Exit.USAGE, line))
        .contains("a line of 10485765 characters")
        .hasSizeLessThan(200);
    assertThat(fixture.fail(Exit.USAGE, "y".repeat(100_000))).hasSizeLessThan(200);
  }

  @Test
  void anyWordsAfterACommandEarnOneMessage() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> words =
        List.of(
            "''",
            "-",
            "--",
            "-x",
            "--size",
            "-s",
            "=",
            "--size=",
            "0",
            "-1",
            "9e9",
            "list",
            "namespace0.0",
            "dax2.0",
            "/",
            "/proc",
            "/dev/dax2.0",
            "'a b'",
            "2M",
            "-f",
            "-h",
            "@x");
    List<String> names =
        fixture.shell.registry().names().stream()
            .filter(name ->
                !List.of("exit", "sleep", "wait", "experiment", "conformance", "era")
                    .contains(name))
            .toList();
    for (int i = 0; i < 600; i++) {
      StringBuilder line = new StringBuilder(names.get(random.nextInt(names.size())));
      for (int n = random.nextInt(4); n > 0; n--) {
        line.append(' ').append(words.get(random.nextInt(words.size())));
      }
      int status = fixture.shell.execute(line.toString());
      assertThat(status).as("seed %d: %s", seed, line).isBetween(0, 2);
      assertThat(fixture.takeErr())
          .as("seed %d: %s", seed, line)
          .doesNotContain("xception", "internal error");
    }
  }

  @Test
  void leavesWhenToldTo() {
    assertThat(fixture.shell.execute("exit 7; echo not reached")).isEqualTo(7);
    assertThat(fixture.takeOut()).isEmpty();
    assertThat(fixture.shell.isLeaving()).isTrue();
  }

  @Test
  void completesWhatThereIs() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    ShellCompleter completer = new ShellCompleter(fixture.shell);
    BiFunction<String, String, List<String>> suggest =
        (before, typed) ->
            completer.suggest(before.isEmpty() ? List.of() : List.of(before.split(" ")), typed);
    assertThat(suggest.apply("", "nd")).containsExactly("ndctl", "ndctl-helper", "ndctl-tests");
    assertThat(suggest.apply("ndctl", "de")).containsExactly("destroy-namespace");
    assertThat(suggest.apply("ndctl create-namespace", "--al")).containsExactly("--align");
    assertThat(suggest.apply("ndctl create-namespace -a", "")).containsExactly("1G", "2M", "4K");
    assertThat(suggest.apply("ndctl destroy-namespace -f", "")).containsExactly("namespace0.0");
    assertThat(suggest.apply("gup_test -S -f", "")).containsExactly("/dev/dax0.0", "/dev/dax2.0");
    assertThat(suggest.apply("gup_test -S -f", "/dev/dax0")).containsExactly("/dev/dax0.0");
    assertThat(suggest.apply("cat", "/sys/bus/dax/dev")).containsExactly("/sys/bus/dax/devices/");
    assertThat(suggest.apply("sleep 1;", "er")).containsExactly("era");
    assertThat(suggest.apply("timeout 5 daxctl", "li")).containsExactly("list");
    assertThat(suggest.apply("era", "7")).containsExactly("7.0", "7.2");
    assertThat(suggest.apply("bogus", "x")).isEmpty();
    fixture.run("cd /sys/bus/dax");
    assertThat(suggest.apply("cat", "dev")).containsExactly("devices/");
    assertThat(suggest.apply("ls", "devices/../dev")).containsExactly("devices/../devices/");
  }
}
