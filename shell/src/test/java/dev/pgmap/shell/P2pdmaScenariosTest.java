package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peer-to-peer memory from the console. */
class P2pdmaScenariosTest {
  private static final String DEVICE = "0000:01:00.0";
  private static final String FILE = "/sys/bus/pci/devices/" + DEVICE + "/p2pmem/allocate";

  private final ShellFixture lab = new ShellFixture(Era.named("7.2"));

  @AfterEach
  void end() {
    lab.close();
  }

  @Test
  void aDeviceIsPluggedMappedPinnedAndUnplugged() {
    assertThat(lab.run("p2pdma plug " + DEVICE + " 3584M 4M")).isEqualTo(FILE + "\n");
    assertThat(lab.run("cat /proc/iomem")).contains("e0000000-e03fffff : " + DEVICE);

    assertThat(lab.run("gup_test -a -S -w -F 0x400 -m 1 -n 16 -f " + FILE))
        .contains("PIN_FAST_BENCHMARK: Time:")
        .doesNotContain("truncated");

    assertThat(lab.run("p2pdma list")).isEqualTo(DEVICE + " size 4194304 available 4194304\n");
    lab.run("check --idle");
    lab.run("p2pdma unplug " + DEVICE);
    assertThat(lab.run("p2pdma list")).isEmpty();
    assertThat(lab.run("cat /proc/iomem")).doesNotContain(DEVICE);
  }

  @Test
  void whatCannotBePluggedIsRefusedAndNotThere() {
    assertThat(lab.fail(Exit.FAILED, "p2pdma plug " + DEVICE + " 256M 4M")).contains("(-EBUSY)");
    assertThat(lab.fail(Exit.FAILED, "p2pdma plug " + DEVICE + " 3584M 4K"))
        .contains("2 MiB", "(-EINVAL)");
    assertThat(lab.fail(Exit.USAGE, "p2pdma plug " + DEVICE + " 3584M 0")).contains("expected");
    assertThat(lab.fail(Exit.FAILED, "p2pdma unplug " + DEVICE)).contains("no such device");
    assertThat(lab.run("p2pdma list")).isEmpty();
    lab.assertSound();
  }

  @Test
  void aFailureThatWasArmedShowsAndIsForgotten() {
    lab.run("fail memmap 1");
    assertThat(lab.run("fail")).isEqualTo("memmap: number 1 from now\n");
    assertThat(lab.fail(Exit.FAILED, "p2pdma plug " + DEVICE + " 3584M 4M"))
        .contains("allocation of memmap: made to fail", "(-ENOMEM)");
    assertThat(lab.run("fail")).isEmpty();
    lab.run("fail page 7; fail off");
    assertThat(lab.run("fail")).isEmpty();
    assertThat(lab.fail(Exit.FAILED, "fail memory 1")).contains("one of ref, array");
    assertThat(lab.fail(Exit.USAGE, "fail memmap")).contains("expected which one to fail");
    lab.assertSound();
  }
}
