package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GupTestScenariosTest {
  private static ShellFixture withDax(String era, String align) {
    ShellFixture fixture = new ShellFixture(Era.named(era));
    fixture.run("ndctl create-namespace -r region0 -m devdax -M dev -a " + align);
    return fixture;
  }

  @ParameterizedTest
  @CsvSource({
    "5.10, 4K",
    "5.10, 2M",
    "5.17, 2M",
    "6.1, 4K",
    "6.1, 2M",
    "6.12, 2M",
    "7.2, 4K",
    "7.2, 2M"
  })
  void leavesNothingPinned(String era, String align) {
    try (ShellFixture fixture = withDax(era, align)) {
      for (String command : new String[] {"-a", "-u", "-b", "-U", "-L"}) {
        for (String calls : new String[] {"1", "64", "512", "123"}) {
          fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -r 2 " + command + " -w -n " + calls);
        }
      }
      int repeatsOfBasicTest = era.equals("5.10") ? 2 : 1;
      int pinned = 4 * 512 * (2 + 2 + repeatsOfBasicTest);
      assertThat(fixture.run("cat /proc/vmstat"))
          .contains("nr_foll_pin_acquired " + pinned, "nr_foll_pin_released " + pinned);
      assertThat(fixture.run("check --idle")).isEqualTo("all invariants hold\n");
    }
  }

  @Test
  void printsBareTimesIn510() {
    try (ShellFixture fixture = withDax("5.10", "2M")) {
      for (String command : new String[] {"-a", "-u", "-b", "-U", "-L"}) {
        assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -r 2 -n 64 -w " + command))
            .matches("(Time: get:\\d+ put:\\d+ us\n){2}");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-a, PIN_FAST_BENCHMARK: Time: get:\\d+ put:\\d+ us",
    "-u, GUP_FAST_BENCHMARK: Time: get:\\d+ put:\\d+ us",
    "-L, PIN_LONGTERM_BENCHMARK: Time: get:\\d+ put:\\d+ us",
    "-b, PIN_BASIC_TEST: done",
    "-U, GUP_BASIC_TEST: done",
    "-c, DUMP_USER_PAGES_TEST: done"
  })
  void printsNamesIn61(String command, String line) {
    try (ShellFixture fixture = withDax("6.1", "2M")) {
      assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -n 64 " + command))
          .matches(line + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.12", "7.2"})
  void printsTapFrom612On(String era) {
    try (ShellFixture fixture = withDax(era, "2M")) {
      assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -r 2 -a -n 512 -w"))
          .matches(
              "TAP version 13\n1..1\n"
                  + "(# PIN_FAST_BENCHMARK: Time: get:\\d+ put:\\d+ us# \n){2}"
                  + "ok 1 ioctl status 0\n"
                  + "# Totals: pass:1 fail:0 xfail:0 xpass:0 skip:0 error:0\n");
      assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -r 3 -b"))
          .isEqualTo(
              """
              TAP version 13
              1..1
              # PIN_BASIC_TEST: done
              ok 1 ioctl status 0
              # Totals: pass:1 fail:0 xfail:0 xpass:0 skip:0 error:0
              """);
    }
  }

  @Test
  void runsThreadsOnOneMapping() {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 16 -r 4 -a -n 512 -j 4"))
          .startsWith("TAP version 13\n1..4\n")
          .contains("ok 1 ioctl", "ok 4 ioctl", "# Totals: pass:4 fail:0")
          .satisfies(text -> assertThat(text.split("PIN_FAST", -1)).hasSize(17));
      fixture.run("check --idle");
    }
  }

  @Test
  void writesNothingIntoPagesThatItOnlyReads() {
    try (ShellFixture fixture = withDax("7.2", "4K")) {
      fixture.run("gup_test -S -f /dev/dax0.0 -m 1 -a -W -n 256");
      fixture.run("check --idle");
    }
  }

  @Test
  void dumpsTheFolioOfATail() {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      fixture.run("dmesg -C; gup_test -S -f /dev/dax0.0 -m 2 -c -p -n 512 0 0x5 9999");
      assertThat(fixture.run("dmesg"))
          .contains("---- page #0, starting from user virt addr: 0x7f")
          .contains("page: refcount:514 mapcount:0 mapping:", "index:0x5 pfn:0x70205")
          .contains("head: order:9 mapcount:1 entire_mapcount:1 nr_pages_mapped:0 pincount:512")
          .contains("aops:dev_dax_aops ino:0")
          .contains("head|reserved|node=0|zone=3)", " 00000202ffffffff 0000000000000000")
          .contains("page dumped because: gup_test: dump_pages() test")
          .contains("ZEROING due to out of range: .which_pages[2]: 10000");
    }
  }

  @ParameterizedTest
  @CsvSource({"6.1, 2, 1025", "7.2, 3, 1026"})
  void dumpsBasePagesGotAndPinned(String era, int got, int pinned) {
    try (ShellFixture fixture = withDax(era, "4K")) {
      fixture.run("dmesg -C; gup_test -S -f /dev/dax0.0 -m 1 -c -n 256 -w 0 1 5");
      assertThat(fixture.run("dmesg -c"))
          .contains(" refcount:" + got + " mapcount:", "pfn:0x70205");
      fixture.run("gup_test -S -f /dev/dax0.0 -m 1 -c -p -n 256 -w 0 1 5");
      assertThat(fixture.run("dmesg")).contains(" refcount:" + pinned + " mapcount:");
    }
  }

  @Test
  void reportsATruncatedRun() {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -a -F 0x40000000");
      assertThat(fixture.lastErr()).contains("PIN_FAST_BENCHMARK ended at 0x7f", "-EINVAL");
      String text = fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -a -F 0x40000000");
      assertThat(text).contains(" us# , truncated (size: 0)# \n", "ok 1 ioctl status 0");
    }
  }

  @Test
  void mapsAnonymousMemoryByDefault() {
    try (ShellFixture fixture = new ShellFixture(Era.V7_2)) {
      assertThat(fixture.run("gup_test -m 4 -a -n 64")).contains("PIN_FAST_BENCHMARK");
      assertThat(fixture.run("gup_test -m 4 -S -a -n 64")).contains("PIN_FAST_BENCHMARK");
      fixture.run("echo hello > /dev/shm/a");
      assertThat(fixture.run("cat /dev/shm/a")).contains("hello");
      assertThat(fixture.fail(Exit.FAILED, "gup_test -m 4 -S -f /dev/shm/a"))
          .as("behind the end of the file")
          .contains("SIGBUS");
      assertThat(fixture.fail(Exit.FAILED, "gup_test -m 4 -H")).contains("-ENOMEM");
      fixture.run("echo 4 > /proc/sys/vm/nr_hugepages");
      assertThat(fixture.run("cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"))
          .contains("4");
      assertThat(fixture.run("gup_test -m 4 -H -a")).contains("PIN_FAST_BENCHMARK");
      assertThat(fixture.run("gup_test -m 4 -H -S -L")).contains("PIN_LONGTERM_BENCHMARK");
      fixture.run("echo 0 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages");
      assertThat(fixture.run("cat /proc/sys/vm/nr_hugepages")).contains("0");
      assertThat(fixture.run("gup_test -m 4 -t -a -n -1")).contains("PIN_FAST_BENCHMARK");
      fixture.run("echo never > /sys/kernel/mm/transparent_hugepage/enabled");
      assertThat(fixture.run("cat /sys/kernel/mm/transparent_hugepage/enabled"))
          .contains("always madvise [never]");
      assertThat(fixture.run("gup_test -m 4 -T -a")).contains("PIN_FAST_BENCHMARK");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "5.10; -c; does not have",
        "5.10; -F 1; does not have",
        "5.10; -j 2; does not have",
        "5.10; -W; does not have",
        "7.2; -z; does not have",
        "7.2; -n 0; not zero",
        "7.2; -n x; '-n: found 'x''",
        "7.2; -m 0; '-m: found '0''",
        "7.2; -m -5; '-m: found '-5''",
        "7.2; -m 12Q; '-m: found '12Q''",
        "7.2; -r 0; '-r: found '0''",
        "7.2; -j 0; '-j: found '0''",
        "7.2; -j 100000; '-j: found '100000''",
        "7.2; -F zz; '-F: found 'zz''",
        "7.2; -q; unknown option '-q'",
        "7.2; 5; they belong to -c",
        "7.2; -c 1 2 3 4 5 6 7 8 9; at most 8",
        "7.2; -c -1; 'page: found '-1''",
        "7.2; -f; -f"
      })
  void refusesWhatTheToolDoesNotKnow(String era, String options, String message) {
    try (ShellFixture fixture = new ShellFixture(Era.named(era))) {
      String quoted =
          message.startsWith("'") ? message.substring(1, message.length() - 1) : message;
      assertThat(fixture.fail(Exit.USAGE, "gup_test " + options))
          .startsWith("gup_test: ")
          .contains(quoted)
          .hasLineCount(1);
      fixture.run("check --idle");
    }
  }

  @Test
  void acceptsKernelFaultingIn61() {
    try (ShellFixture fixture = withDax("6.1", "2M")) {
      assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 2 -a -z -n 512"))
          .doesNotContain("truncated");
    }
  }

  @Test
  void takesAllPagesInOneCallForANegativeNumber() {
    for (String era : new String[] {"6.1", "7.2"}) {
      try (ShellFixture fixture = withDax(era, "2M")) {
        assertThat(fixture.run("gup_test -S -f /dev/dax0.0 -m 4 -a -n -1"))
            .doesNotContain("truncated");
      }
    }
  }

  @Test
  void saysWhichDevicesThereAre() {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      assertThat(fixture.fail(Exit.FAILED, "gup_test -S -f /dev/dax9.0"))
          .contains("/dev/dax9.0: no such device node", "/dev/dax0.0", "-ENOENT");
      assertThat(fixture.fail(Exit.FAILED, "gup_test -f /dev/dax0.0 -m 2")).contains("-EINVAL");
      assertThat(fixture.fail(Exit.FAILED, "gup_test -S -f /dev/dax0.0 -m 4096"))
          .startsWith("gup_test: ");
      fixture.run("check --idle");
    }
  }

  @Test
  void printsJsonWhereAskedTo() {
    try (ShellFixture fixture = new ShellFixture(Era.V7_2, true)) {
      assertThat(fixture.run("gup_test -m 1 -a -r 2"))
          .contains(
              "\"command\":\"PIN_FAST_BENCHMARK\"", "\"size\":1048576", "\"truncated\":false");
    }
  }
}
