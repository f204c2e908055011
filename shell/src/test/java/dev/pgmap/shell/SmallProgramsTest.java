package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipes, blocks, sh -c and the small programs that lines are made of. */
class SmallProgramsTest {
  private final ShellFixture fixture = new ShellFixture(Era.V6_12);

  @AfterEach
  void close() {
    fixture.assertSound();
    fixture.close();
  }

  @Test
  void aPipeHandsOnWhatWasPrinted() {
    assertThat(fixture.run("for v in abc abd xyz; do echo $v; done | grep ab | grep -v d"))
        .isEqualTo("abc\n");
    assertThat(fixture.run("cat /proc/iomem | grep -i 'persistent' | cut -d: -f2"))
        .isEqualTo(" Persistent Memory (legacy)\n".repeat(2));
    assertThat(fixture.run("{ echo a; echo b; } | cat | grep -c .")).isEqualTo("2\n");
    assertThat(fixture.run("x=1; { x=2; }; echo $x; { x=3; echo; } | cat; echo $x"))
        .isEqualTo("2\n\n2\n");
    assertThat(fixture.run("cat /none | grep a; echo $?")).isEqualTo("1\n");
  }

  @Test
  void aBlockStandsWhereOneCommandMay() {
    assertThat(fixture.run("[ -d /none ] && { echo a; echo b; }; true")).isEmpty();
    assertThat(fixture.run("[ -d /proc ] && { echo a; echo b; } || echo c")).isEqualTo("a\nb\n");
    assertThat(fixture.fail(Exit.USAGE, "grep x")).contains("found nothing to read");
  }

  @Test
  void shRunsALineWithVariablesOfItsOwn() {
    assertThat(fixture.run("x=1; sh -c 'echo $x; x=2; echo $x $1' me you; echo $x"))
        .isEqualTo("1\n2 you\n1\n");
    assertThat(fixture.run("sh -c 'exit 3'; echo $?; sh -c 'cat /none'; echo $?"))
        .isEqualTo("3\n1\n");
    assertThat(fixture.run("sh -c 'sleep 0.05 & H=$!; wait $H; echo rc=$?'")).isEqualTo("rc=0\n");
    assertThat(fixture.fail(Exit.USAGE, "sh -c 'a ||'")).contains("found the end");
    assertThat(fixture.fail(Exit.USAGE, "sh script")).contains("-c");
  }

  @Test
  void shellsInShellsAreNotEndless() {
    assertThat(fixture.fail(Exit.USAGE, "x='sh -c \"$x\"'; sh -c \"$x\""))
        .contains("shells in each other, expected at most 50");
  }

  @Test
  void aShellAndItsJobsAreListedWhileTheyRun() {
    assertThat(fixture.run("sh -c 'sleep 5 & ps | grep sleep; kill $!'"))
        .containsPattern("\\d+ +- +sh -c sleep 5 & ps")
        .containsPattern("\\d+ +- +sleep 5\n");
    assertThat(fixture.run("sleep 5 & [ -d /proc/$! ] && cat /proc/$!/cmdline; kill $!"))
        .isEqualTo("sleep 5\n");
    assertThat(fixture.run("sleep 0 & wait; [ -d /proc/$! ] || echo gone; ps"))
        .isEqualTo("gone\nPID  MAPPED  COMMAND\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "'0x%x' 460293 ~ 0x70605",
        "'%s-%d;' a 1 b 2 ~ a-1;b-2;",
        "'%05d|%-4s|%4s|%+d' 42 ab cd 7 ~ 00042|ab  |  cd|+7",
        "'%#x %X %o %c%%' 255 255 8 xyz ~ 0xff FF 10 x%",
        "'%.2s|%s|%d' abc ~ ab||0",
        "plain 1 2 ~ plain"
      })
  void printfFillsItsFormat(String words, String printed) {
    assertThat(fixture.run("printf " + words)).isEqualTo(printed);
  }

  @Test
  void printfReadsEscapesAndNamesWhatItDoesNotKnow() {
    assertThat(fixture.run("printf 'a\\tb\\n%s\\n' c d")).isEqualTo("a\tb\nc\na\tb\nd\n");
    assertThat(fixture.fail(Exit.USAGE, "printf '%y' 1")).contains("found '%y'");
    assertThat(fixture.fail(Exit.USAGE, "printf '%d' x")).contains("found 'x'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-d /proc",
        "-e /proc/iomem",
        "-f /proc/iomem",
        "! -f /proc",
        "-n a",
        "-z ''",
        "a",
        "a = a",
        "a != b",
        "1 -eq 0x1",
        "1 -ne 2",
        "1 -lt 2",
        "2 -le 2",
        "3 -gt 2",
        "2 -ge 2"
      })
  void conditionsThatHold(String condition) {
    fixture.run("[ " + condition + " ]");
    fixture.run("test " + condition);
    fixture.fail(Exit.FAILED, "[ ! " + condition + " ]");
  }

  @Test
  void aConditionThatIsNoneIsNamed() {
    assertThat(fixture.fail(Exit.USAGE, "[ a")).contains("found no ']'");
    assertThat(fixture.fail(Exit.USAGE, "[ -q a ]")).contains("found '-q'");
    assertThat(fixture.fail(Exit.USAGE, "[ a -eq 1 ]")).contains("found 'a'");
    fixture.fail(Exit.FAILED, "[ ]");
    fixture.fail(Exit.FAILED, "false");
    fixture.run("true");
  }

  @Test
  void grepTellsByItsExitCode() {
    assertThat(fixture.run("grep -E 'Mem(Total|Free)' /proc/meminfo")).hasLineCount(2);
    assertThat(fixture.run("echo 'a+(b)' | grep 'a+(b)'")).isEqualTo("a+(b)\n");
    assertThat(fixture.run("echo 'a.c' | grep -F a.c; echo abc | grep -F a.c || echo no"))
        .isEqualTo("a.c\nno\n");
    assertThat(fixture.run("echo ab | grep -q A || echo ab | grep -qi A && echo yes"))
        .isEqualTo("yes\n");
    assertThat(fixture.run("grep -c . /proc/version /proc/vmstat"))
        .isEqualTo("/proc/version:1\n/proc/vmstat:3\n");
    assertThat(fixture.fail(Exit.USAGE, "grep -E '(' /proc/iomem")).contains("found '('");
  }
}
