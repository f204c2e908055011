package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pages that fail, at the console: the lines are those that the recordings {@code S5-devdax-*} of
 * real kernels have, but for time stamps, addresses and, in 5.10, the region.
 */
class HwpoisonScenariosTest {
  private static final String DIRECTORY = "/sys/kernel/debug/hwpoison";

  private static ShellFixture withDax(String era, String align, String map) {
    ShellFixture fixture = new ShellFixture(Era.named(era));
    fixture.run("ndctl create-namespace -r region1 -m devdax -M " + map + " -a " + align);
    return fixture;
  }

  /** Lines without their time stamps, and with addresses as offsets from the mapping's start. */
  private static List<String> lines(String output) {
    return output
        .lines()
        .map(line -> line.replaceFirst("^\\[\\d+\\.\\d{6}] ", ""))
        .map(line -> line.replaceAll("(va|addr)=0x7f\\w*?(\\w{5})\\b", "$1=..$2"))
        .toList();
  }

  private static String accesses(String target, String before, String after) {
    return List.of(target, "0", before, after, "0x1ff000").stream()
        .map(at -> "access +" + at + " ok")
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "5.10, 0x100000, ..03000, 0x3000",
    "6.1, 0x100000, ..00000, 0",
    "6.12, 0x100000, ..00000, 0",
    "7.2, 0, ..00000, 0"
  })
  void hugePage(String era, String flags, String address, String fromBase) {
    try (ShellFixture fixture = withDax(era, "2M", "dev")) {
      String output = fixture.run("zdtool hwpoison /dev/dax1.0 2M 0x3000");

      assertThat(String.join("\n", lines(output)))
          .isEqualTo(
              """
              target-before va=..03000 pfn=0x80e03 kpageflags=FLAGS kpagecount=0
              page0-before va=..00000 pfn=0x80e00 kpageflags=FLAGS kpagecount=0
              signal 7 si_code=4 addr=ADDRESS addr-base=FROM_BASE lsb=21 during madvise
              kpageflags(pfn 0x80e03) after=FLAGS
              target-after va=..03000 not-present pagemap=0
              page0-after va=..00000 not-present pagemap=0
              ACCESSES
              munmapped\
              """
                  .replace("FLAGS", flags)
                  .replace("ADDRESS", address)
                  .replace("FROM_BASE", fromBase)
                  .replace("ACCESSES", accesses("0x3000", "0x2000", "0x4000")));
      assertThat(fixture.run("dmesg"))
          .containsPattern("Injecting memory failure for pfn 0x80e03 at process virtual address 0x")
          .containsPattern("Memory failure: 0x80e03: Sending SIGBUS to zdtool:\\d+ due to hardware")
          .contains("Memory failure: 0x80e03: recovery action for dax page: Recovered");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 0x100000", "6.1, 0x100000", "6.12, 0x100000", "7.2, 0"})
  void softOffline(String era, String flags) {
    try (ShellFixture fixture = withDax(era, "2M", "dev")) {
      String output = fixture.run("zdtool softoff /dev/dax1.0 2M 0x5000");

      assertThat(String.join("\n", lines(output)))
          .isEqualTo(
              """
              target-before va=..05000 pfn=0x80e05 kpageflags=FLAGS kpagecount=0
              page0-before va=..00000 pfn=0x80e00 kpageflags=FLAGS kpagecount=0
              madvise=-1 Input/output error
              kpageflags(pfn 0x80e05) after=FLAGS
              target-after va=..05000 pfn=0x80e05 kpageflags=FLAGS kpagecount=0
              page0-after va=..00000 pfn=0x80e00 kpageflags=FLAGS kpagecount=0
              ACCESSES
              munmapped\
              """
                  .replace("FLAGS", flags)
                  .replace("ACCESSES", accesses("0x5000", "0x4000", "0x6000")));
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10", "6.1", "6.12", "7.2"})
  void twoTasks(String era) {
    try (ShellFixture fixture = withDax(era, "4K", "mem")) {
      String output =
          fixture.run(
              "zdtool hold-map /dev/dax1.0 2M 0.6 & H=$!; sleep 0.3;"
                  + " zdtool hwpoison /dev/dax1.0 2M 0x8000; wait $H; echo holder rc=$?");

      assertThat(output)
          .containsSubsequence(
              "] holding-map\n",
              "pfn=0x80208",
              "addr-base=0x8000 lsb=12 during madvise\n",
              "] target-after va=",
              " not-present pagemap=0\n",
              " pfn=0x80200 ",
              "] access +0x8000 ok\n",
              "] access +0x7000 ok\n",
              "] munmapped\n",
              "] releasing-map\n",
              "] munmapped\n",
              "holder rc=0\n")
          .containsOnlyOnce("signal");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"5.10, 0x100000", "6.1, 0x100000", "6.12, 0x100000", "7.2, 0"})
  void injectUnmapped(String era, String flags) {
    try (ShellFixture fixture = withDax(era, "2M", "dev")) {
      assertThat(fixture.fail(Exit.FAILED, "echo 528901 > " + DIRECTORY + "/corrupt-pfn"))
          .contains("0x81205", "(-EBUSY)");
      assertThat(fixture.run("zdtool kpf 528901"))
          .isEqualTo("pfn=0x81205 kpageflags=" + flags + " kpagecount=0\n");
      assertThat(fixture.run("dmesg"))
          .contains(
              "Injecting memory failure at pfn 0x81205\n",
              "Memory failure: 0x81205: recovery action for dax page: Failed\n");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"6.1", "6.12", "7.2"})
  void unpoison(String era) {
    try (ShellFixture fixture = withDax(era, "2M", "dev")) {
      fixture.run("zdtool hwpoison /dev/dax1.0 2M 0x3000");
      assertThat(fixture.fail(Exit.FAILED, "echo 0x80e00 > " + DIRECTORY + "/unpoison-pfn"))
          .contains("(-EIO)");
    }
  }

  @Test
  void unpoisonIn510() {
    try (ShellFixture fixture = withDax("5.10", "2M", "dev")) {
      fixture.run("echo 528901 > " + DIRECTORY + "/unpoison-pfn");
      assertThat(fixture.run("dmesg")).contains("Unpoison: Page was already unpoisoned 0x81205\n");
    }
  }

  @Test
  void mixedSectionIn510() {
    try (ShellFixture fixture = new ShellFixture(Era.V5_10)) {
      fixture.run("ndctl create-namespace -r region0 -m devdax -M dev -a 2M");

      String output = fixture.run("zdtool hwpoison /dev/dax0.0 2M 0x3000");

      assertThat(String.join("\n", lines(output)))
          .isEqualTo(
              """
              target-before va=..03000 pfn=0x70203 kpageflags=0x100000000 kpagecount=0
              page0-before va=..00000 pfn=0x70200 kpageflags=0x100000000 kpagecount=0
              madvise=-1 Device or resource busy
              kpageflags(pfn 0x70203) after=0x100080004
              target-after va=..03000 pfn=0x70203 kpageflags=0x100080004 kpagecount=0
              page0-after va=..00000 pfn=0x70200 kpageflags=0x100000000 kpagecount=0
              ACCESSES
              munmapped\
              """
                  .replace("ACCESSES", accesses("0x3000", "0x2000", "0x4000")));
      assertThat(fixture.run("page 0x70203")).contains("hwpoison");
      assertThat(fixture.shell.execute("check --idle")).isEqualTo(Exit.FAILED);
      assertThat(fixture.takeOut()).contains("page 0x70203: 1 users");
    }
  }

  @Test
  void aDestroyedNamespaceTakesItsPoisonWithIt() {
    try (ShellFixture fixture = withDax("7.2", "2M", "dev")) {
      fixture.run("zdtool hwpoison /dev/dax1.0 2M 0x3000; zdtool touch /dev/dax1.0 2M");
      assertThat(fixture.run("page 0x80e00")).contains("hwpoison");
      fixture.run("ndctl destroy-namespace -f namespace1.0");
      assertThat(fixture.lastErr()).isEqualTo("destroyed 1 namespace\n");
      fixture.run("ndctl create-namespace -r region1 -m devdax -M dev -a 2M");
      assertThat(fixture.run("page 0x80e00")).doesNotContain("hwpoison");
      fixture.run("check --idle");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2; zdtool hwpoison /dev/dax1.0 2M; OFF",
        "2; zdtool hwpoison /dev/dax1.0 2M 2M; found '2M', expected an offset below LEN",
        "2; zdtool softoff /dev/dax1.0 2M x; found 'x'",
        "1; zdtool hwpoison /dev/dax9.0 2M 0; -ENOENT",
        "1; echo > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo -1 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo ++1 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo 0x+1 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo 09 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo 02000002 > /sys/kernel/debug/hwpoison/corrupt-pfn; -ENXIO",
        "1; echo 1 2 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo 0xfffffffffffffffff > /sys/kernel/debug/hwpoison/corrupt-pfn; -EINVAL",
        "1; echo '#5' > /sys/kernel/debug/hwpoison/unpoison-pfn; -EINVAL",
        "1; echo 0xfffffffff > /sys/kernel/debug/hwpoison/corrupt-pfn; -ENXIO",
        "1; echo 0xffffffffffffffff > /sys/kernel/debug/hwpoison/corrupt-pfn; -ENXIO",
        "1; echo 0x1000 > /sys/kernel/debug/hwpoison/corrupt-pfn; -EOPNOTSUPP",
        "1; echo 0x80002 > /sys/kernel/debug/hwpoison/corrupt-pfn; -ENXIO",
        "1; cat /sys/kernel/debug/hwpoison/corrupt-pfn; -EACCES",
        "1; echo 1 > /sys/kernel/debug/hwpoison/renew-pfn; -ENOENT"
      })
  void refusesInOneLine(int exitCode, String line, String message) {
    try (ShellFixture fixture = withDax("7.2", "2M", "dev")) {
      assertThat(fixture.fail(exitCode, line)).contains(message).hasLineCount(1);
      fixture.run("check --idle");
    }
  }

  @Test
  void anOffsetThatIsNoPageIsWhatMadviseRefuses() {
    try (ShellFixture fixture = withDax("6.1", "4K", "mem")) {
      assertThat(fixture.run("zdtool hwpoison /dev/dax1.0 1M 0x10"))
          .contains("] madvise=-1 Invalid argument\n")
          .doesNotContain("access +-");
    }
  }
}
