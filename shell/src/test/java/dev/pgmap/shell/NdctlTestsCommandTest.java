package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code ndctl-tests} as a person types it; the tests themselves run elsewhere. */
class NdctlTestsCommandTest {
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @AfterEach
  void close() {
    fixture.run("check --idle");
    fixture.close();
  }

  @Test
  void theListHasTheNamesOfTheSuite() {
    assertThat(fixture.run("ndctl-tests -l").lines())
        .contains(
            "ndctl:dax / device-dax",
            "ndctl:dax / daxctl-create.sh",
            "ndctl:ndctl / align.sh",
            "ndctl:dax / dax-xfs.sh");
  }

  @Test
  void eachTestIsALineAndTheCountsComeLast() {
    assertThat(fixture.run("ndctl-tests multi-dax.sh security.sh"))
        .containsPattern("(?m)^1/2 ndctl:dax {3}/ multi-dax\\.sh +OK +[0-9.]+s$")
        .containsPattern("(?m)^2/2 ndctl:ndctl / security\\.sh +SKIP .*exit status 77$")
        .contains("    needs the security commands of dimms\n")
        .endsWith("\nOk:      1\nFail:    0\nSkipped: 1\n");
  }

  @Test
  void anUnknownNameIsWrongUsage() {
    assertThat(fixture.fail(Exit.USAGE, "ndctl-tests tape.sh")).contains("tape.sh");
  }

  @Test
  void theHelpersSayWhatTheyDidNotFind() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.fail(Exit.FAILED, "ndctl-helper daxdev-errors dax0.0 namespace0.0"))
        .contains("expected that dax0.0 has media errors");
    fixture.run("expect ENXIO ndctl-helper daxdev-errors dax7.0 namespace0.0");
    fixture.run("expect ENOENT ndctl-helper write-verify /dev/dax7.0 4K 4K");
  }

  @Test
  void mediaErrorsAreRefusedWhereThereIsNoBlock() {
    fixture.run("ndctl create-namespace -m raw -r 0");
    fixture.run("expect EINVAL ndctl inject-error --block=131072 namespace0.0");
    fixture.run("expect EINVAL ndctl inject-error --block=131071 --count=2 namespace0.0");
    fixture.run("expect ENXIO ndctl inject-error --block=0 namespace9.0");
    fixture.run("expect ENXIO ndctl clear-errors namespace9.0");
    assertThat(fixture.run("cat /sys/bus/nd/devices/region0/badblocks")).isEmpty();
    fixture.run("ndctl inject-error --block=131071 namespace0.0");
    assertThat(fixture.run("cat /sys/bus/nd/devices/region0/badblocks")).isEqualTo("131071 1\n");
    fixture.run("expect EPERM sh -c 'echo 1 > /sys/bus/nd/devices/region0/badblocks'");
    fixture.run("ndctl clear-errors namespace0.0");
  }
}
