package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Device-dax memory as System RAM, as a person types it. */
class KmemScenariosTest {
  private static final String MEMORY = "/sys/devices/system/memory/";
  private final ShellFixture fixture = new ShellFixture(Era.V7_2);

  @AfterEach
  void close() {
    fixture.run("daxctl reconfigure-device -m devdax -f dax1.0");
    fixture.run("check --idle");
    fixture.close();
  }

  private void toSystemRam() {
    fixture.run("ndctl create-namespace -m devdax -M mem -r 1");
    fixture.run("daxctl reconfigure-device -m system-ram -N dax1.0");
    assertThat(fixture.lastErr()).isEqualTo("reconfigured 1 device\n");
  }

  private long memTotal() {
    Matcher total =
        Pattern.compile("MemTotal: +([0-9]+) kB").matcher(fixture.run("cat /proc/meminfo"));
    assertThat(total.find()).isTrue();
    return Long.parseLong(total.group(1));
  }

  @Test
  void theListTellsTheModeAndHowMuchIsOnline() {
    toSystemRam();
    assertThat(fixture.run("daxctl list -u -r 1"))
        .isEqualTo(
            """
            {
              "chardev":"dax1.0",
              "size":"766.00 MiB (803.21 MB)",
              "target_node":0,
              "align":2097152,
              "mode":"system-ram",
              "online_memblocks":0,
              "total_memblocks":5
            }
            """);
    assertThat(fixture.run("grep -i kmem /proc/iomem"))
        .isEqualTo("    88000000-afffffff : System RAM (kmem)\n");
    fixture.run("daxctl online-memory dax1.0");
    assertThat(fixture.run("daxctl list -r 1"))
        .contains("\"online_memblocks\":5", "\"total_memblocks\":5", "\"movable\":true");
    fixture.run("daxctl offline-memory dax1.0");
    fixture.run("daxctl online-memory --no-movable dax1.0");
    assertThat(fixture.run("daxctl list -r 1")).contains("\"movable\":false");
  }

  @Test
  void onlineMemoryIsCountedAndUsed() {
    toSystemRam();
    long before = memTotal();
    fixture.run("daxctl online-memory dax1.0");
    assertThat(fixture.lastErr()).isEqualTo("onlined memory for 1 device\n");
    assertThat(memTotal()).as("as recorded").isEqualTo(before + 655360);
    fixture.run("daxctl online-memory dax1.0");
    assertThat(fixture.lastErr())
        .contains("dax1.0: all memory sections (5) already online\n")
        .endsWith("onlined memory for 0 devices\n");
    fixture.run("daxctl offline-memory dax1.0");
    assertThat(fixture.lastErr()).isEqualTo("offlined memory for 1 device\n");
    assertThat(memTotal()).isEqualTo(before);
  }

  @Test
  void memoryThatIsOnlineKeepsTheModeUnlessForced() {
    toSystemRam();
    fixture.run("daxctl online-memory dax1.0");
    assertThat(fixture.fail(Exit.FAILED, "daxctl reconfigure-device -m devdax dax1.0"))
        .contains("5 memory sections online", "(-EBUSY)")
        .endsWith("reconfigured 0 devices\n");
    assertThat(fixture.fail(Exit.FAILED, "daxctl disable-device dax1.0")).contains("-ENXIO");
    assertThat(fixture.fail(Exit.FAILED, "daxctl enable-device dax1.0")).contains("-ENXIO");
    fixture.run("daxctl reconfigure-device -m system-ram dax1.0");
    assertThat(fixture.lastErr()).contains("dax1.0 was already in system-ram mode\n");
  }

  @Test
  void memoryOperationsAreForSystemRamOnly() {
    fixture.run("ndctl create-namespace -m devdax -M mem -r 1");
    for (String operation : new String[] {"online", "offline"}) {
      assertThat(fixture.fail(Exit.FAILED, "daxctl " + operation + "-memory dax1.0"))
          .contains("not applicable in devdax mode", "-ENXIO");
    }
    fixture.run("daxctl reconfigure-device -m devdax dax1.0");
    assertThat(fixture.lastErr()).contains("dax1.0 was already in devdax mode\n");
    assertThat(fixture.fail(Exit.USAGE, "daxctl reconfigure-device -m devdax -N dax1.0"))
        .contains("--no-online is incompatible");
    assertThat(fixture.fail(Exit.FAILED, "daxctl reconfigure-device -m famfs dax1.0"))
        .contains("-EINVAL");
  }

  @Test
  void aRegionWithoutAWholeBlockIsRefused() {
    fixture.run("ndctl create-namespace -m devdax -r 0");
    assertThat(fixture.fail(Exit.FAILED, "daxctl reconfigure-device -m system-ram -N dax0.0"))
        .contains("libdaxctl: daxctl_dev_enable: dax0.0: failed to enable\n", "-EINVAL")
        .endsWith("reconfigured 0 devices\n");
    assertThat(fixture.run("daxctl list -r 0"))
        .contains("\"mode\":\"devdax\"", "\"state\":\"disabled\"");
    fixture.run("ndctl create-namespace -m devdax -M mem -r 1");
    fixture.run("daxctl reconfigure-device -m system-ram -N dax1.0");
  }

  @Test
  void blocksAreFilesThatTakeWords() {
    toSystemRam();
    assertThat(fixture.run("cat " + MEMORY + "block_size_bytes")).isEqualTo("8000000\n");
    assertThat(fixture.run("cat " + MEMORY + "memory17/valid_zones")).isEqualTo("Normal Movable\n");
    fixture.run("echo online_movable > " + MEMORY + "memory17/state");
    assertThat(fixture.run("cat " + MEMORY + "memory17/valid_zones")).isEqualTo("Movable\n");
    assertThat(fixture.run("daxctl list -r 1")).contains("\"online_memblocks\":1");
    fixture.run("echo 0 > " + MEMORY + "memory17/online");
    assertThat(fixture.run("cat " + MEMORY + "memory17/state")).isEqualTo("offline\n");
    assertThat(fixture.run("ls " + MEMORY)).contains("auto_online_blocks", "memory21");
    fixture.run("expect EINVAL sh -c 'echo sideways > " + MEMORY + "memory17/state'");
    fixture.run("expect EINVAL sh -c 'echo offline > " + MEMORY + "memory0/state'");
    fixture.run("expect ENOENT sh -c 'echo offline > " + MEMORY + "memory999/state'");
    fixture.run("expect EPERM sh -c 'echo 1 > " + MEMORY + "memory17/removable'");
  }

  @Test
  void aPolicyThatBringsMemoryOnlineAtOnceStopsDaxctlUnlessForced() {
    fixture.run("ndctl create-namespace -m devdax -M mem -r 1");
    fixture.run("echo online_movable > " + MEMORY + "auto_online_blocks");
    assertThat(fixture.fail(Exit.FAILED, "daxctl reconfigure-device -m system-ram -N dax1.0"))
        .contains("-EBUSY");
    fixture.run("daxctl reconfigure-device -m system-ram -N -f dax1.0");
    assertThat(fixture.run("daxctl list -r 1")).contains("\"online_memblocks\":5");
  }
}
