package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holding pages, also while their namespace is destroyed. */
class HoldScenariosTest {
  private static final String STAMP = "\\[\\d+\\.\\d{6}\\] ";

  private static ShellFixture withDax(String era, String align) {
    ShellFixture fixture = new ShellFixture(Era.named(era));
    fixture.run("ndctl create-namespace -r region0 -m devdax -M dev -a " + align);
    return fixture;
  }

  private static String page(String kpageflags) {
    return "va=0x7f[0-9a-f]+ pfn=0x70200 kpageflags=" + kpageflags + " kpagecount=0\n";
  }

  @ParameterizedTest
  @CsvSource({"5.10, 0x1[0-9a-f]*", "6.1, 0x100000", "6.12, 0x100000", "7.2, 0"})
  void vmsplicePrintsItsSteps(String era, String flags) {
    try (ShellFixture fixture = withDax(era, "2M")) {
      assertThat(fixture.run("zdtool hold-vmsplice /dev/dax0.0 2M 0.05"))
          .matches(
              STAMP
                  + "page0 "
                  + page(flags)
                  + STAMP
                  + "vmsplice=65536  holding\n"
                  + STAMP
                  + "page0 "
                  + page(flags)
                  + STAMP
                  + "releasing\n"
                  + STAMP
                  + "pipe-closed\n");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6.1, '-1 Invalid argument holding', '-1 Invalid argument'",
    "6.12, '0  holding', '0 '",
    "7.2, '0  holding', '0 '"
  })
  void longtermPinPrintsItsSteps(String era, String start, String stop) {
    try (ShellFixture fixture = withDax(era, "2M")) {
      assertThat(fixture.run("zdtool hold-pinlt /dev/dax0.0 4M 0.05"))
          .contains("] PIN_LONGTERM_TEST_START=" + start + "\n")
          .endsWith("] PIN_LONGTERM_TEST_STOP=" + stop + "\n");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5.10, '-1 Operation not supported holding', ''",
    "5.17, '-1 Operation not supported holding', ''",
    "6.1, '-1 Operation not supported holding', ''",
    "6.12, '0  holding', 'unregister=0'",
    "7.2, '0  holding', 'unregister=0'"
  })
  void uringPrintsItsStepsAndIsRefusedForFilesUpTo61(String era, String start, String stop) {
    try (ShellFixture fixture = withDax(era, "2M")) {
      assertThat(fixture.run("zdtool hold-uring /dev/dax0.0 4M 0.05"))
          .containsSubsequence(
              "] page0 va=", "] register_buffers=" + start + "\n", "] page0 va=", "] releasing\n")
          .containsSubsequence("] releasing\n", stop, "] page0 va=");
      assertThat(fixture.run("zdtool hold-uring /dev/dax0.0 2M 0 unmap"))
          .containsSubsequence("] unmapped\n", "] releasing\n", stop)
          .doesNotContainPattern("releasing(?s:.*)page0");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @CsvSource({"4K, 1024", "2M, 2"})
  void uringKeepsOnePinOfEachLargeFolio(String align, int pinned) {
    try (ShellFixture fixture = withDax("6.12", align)) {
      fixture.run("zdtool hold-uring /dev/dax0.0 4M 5 & sleep 0.3");
      String counters = fixture.run("grep foll_pin /proc/vmstat | cut -d' ' -f2");
      long[] values = counters.lines().mapToLong(Long::parseLong).toArray();
      assertThat(values[0] - values[1]).as("pins held").isEqualTo(pinned);
      fixture.run("kill $!; wait $!; check --idle");
    }
  }

  @Test
  void mapAndTouchPrintTheirSteps() {
    try (ShellFixture fixture = withDax("7.2", "4K")) {
      assertThat(fixture.run("zdtool touch /dev/dax0.0 1M"))
          .matches(
              STAMP
                  + "mapped va=0x[0-9a-f]+ not-present pagemap=0\n"
                  + "touched 1048576 bytes\n"
                  + STAMP
                  + "page0 "
                  + page("0")
                  + STAMP
                  + "page1 va=0x[0-9a-f]+ pfn=0x70201 kpageflags=0 kpagecount=0\n"
                  + STAMP
                  + "last va=0x[0-9a-f]+ pfn=0x702ff kpageflags=0 kpagecount=0\n"
                  + STAMP
                  + "munmapped\n");
      assertThat(fixture.run("zdtool fork /dev/dax0.0 2M"))
          .containsSubsequence("parent va", "child va", "not-present", "parent-after va");
      assertThat(fixture.run("zdtool kpf 0x70200 2")).hasLineCount(2);
      fixture.run("check --idle");
    }
  }

  @Test
  void destroyWaitsForHeldPagesIn510() {
    try (ShellFixture fixture = withDax("5.10", "2M")) {
      fixture.run("zdtool hold-vmsplice /dev/dax0.0 2M 1 unmap & sleep 0.3");
      fixture.run("ndctl destroy-namespace -f namespace0.0 & D=$!; sleep 0.2");
      assertThat(fixture.run("ndctl list -i")).contains("\"state\":\"being destroyed\"");
      assertThat(fixture.run("jobs")).contains("[1]  Running", "[2]  Running");
      assertThat(fixture.run("wait $D; echo rc=$?")).contains("rc=0");
      fixture.run("wait");
      assertThat(fixture.run("dmesg -l err")).isEmpty();
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12", "7.2"})
  void destroyDoesNotWaitFrom61OnAndTheLatePutOopses(String era) {
    try (ShellFixture fixture = withDax(era, "2M")) {
      fixture.run("zdtool hold-vmsplice /dev/dax0.0 2M 0.6 unmap & sleep 0.3");
      fixture.run("ndctl destroy-namespace -f namespace0.0");
      assertThat(fixture.run("ndctl list -i; jobs")).contains("Running");
      assertThat(fixture.fail(Exit.FAILED, "wait $!"))
          .contains("pfn 0x70200 has no struct page", "removed at", "by ndctl", "-EFAULT");
      assertThat(fixture.run("dmesg -l err"))
          .contains("BUG: use of a removed struct page: put by zdtool[");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "7.2"})
  void destroyNeverWaitsForMappings(String era) {
    try (ShellFixture fixture = withDax(era, "4K")) {
      fixture.run("zdtool hold-map /dev/dax0.0 4M 5 & sleep 0.3");
      assertThat(fixture.run("ps")).containsPattern("4M +zdtool");
      fixture.run("ndctl destroy-namespace -f namespace0.0");
      fixture.run("kill -TERM $!; wait $!");
      fixture.run("check --idle");
    }
  }

  @Test
  void pagesShowWhoUsesThem() {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      fixture.run("zdtool hold-pinlt /dev/dax0.0 2M 5 & sleep 0.3");
      assertThat(fixture.run("page 0x70205"))
          .contains(
              "page 0x70205: mapped 1x, pinned 512x\n",
              "refcount  514 (word 0x00000403: 513 of users + the base reference)",
              "tail 5 of folio 0x70200, order 9 (512 pages)",
              "mapping   /dev/dax0.0, index 0x5",
              "struct pages in the device (altmap)");
      assertThat(fixture.run("page 0x70200 2 --json"))
          .contains("\"refcount\":514", "\"pins\":512", "\"tail\":true", "\"order\":9");
      fixture.run("kill %1; wait %1");
      assertThat(fixture.run("page 0x70200")).startsWith("page 0x70200: idle\n");
      fixture.run("ndctl destroy-namespace -f namespace0.0");
      assertThat(fixture.fail(Exit.FAILED, "page 0x70200")).contains("removed at", "-EFAULT");
      assertThat(fixture.fail(Exit.USAGE, "page bogus")).contains("PFN: found 'bogus'");
      assertThat(fixture.fail(Exit.FAILED, "page 0xfffffffff")).contains("no struct page");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2; zdtool touch /dev/dax0.0 12Q; found '12Q'",
        "2; zdtool touch /dev/dax0.0 0; found '0'",
        "2; zdtool hold-map /dev/dax0.0 4M soon; found 'soon'",
        "2; zdtool hold-vmsplice /dev/dax0.0 4M 1 map; found 'map'",
        "2; zdtool bogus /dev/dax0.0; bogus",
        "1; zdtool touch /dev/dax0.0 3M; -EINVAL",
        "1; zdtool touch /dev/dax9.0 2M; -ENOENT"
      })
  void refusesInOneLine(int exitCode, String line, String message) {
    try (ShellFixture fixture = withDax("7.2", "2M")) {
      assertThat(fixture.fail(exitCode, line)).startsWith("zdtool").contains(message);
      fixture.run("check --idle");
    }
  }
}
