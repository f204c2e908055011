package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.weave.Agent;
import java.nio.file.Path;
import java.util.List;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on device memory, touched, held and cut short from the console. */
class DaxFileScenariosTest {
  private ShellFixture fixture = new ShellFixture(Era.V7_2);

  private void mount(String era) {
    fixture.close();
    fixture = new ShellFixture(Era.named(era));
    fixture.run("ndctl create-namespace -r region0 -m fsdax -M dev");
    fixture.run("mkfs.ext4 -q /dev/pmem0");
    fixture.run("mount /dev/pmem0 /mnt");
  }

  @AfterEach
  void checkAndClose() {
    fixture.assertSound();
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.4", "5.10", "6.1", "6.12", "6.15", "7.2"})
  void aFileIsTouchedCutShortAndTouchedAgain(String era) {
    mount(era);
    assertThat(fixture.run("zdtool touch /mnt/a 4M")).contains("touched 4194304 bytes");
    assertThat(fixture.run("zdtool punch /mnt/a 64K 64K"))
        .containsPattern("punch=0  waited_s=0\\.[0-4]");
    assertThat(fixture.run("zdtool truncate /mnt/a 0"))
        .containsPattern("truncate=0  waited_s=0\\.[0-4]");
    assertThat(fixture.run("zdtool touch /mnt/a 64K")).contains("munmapped");
    fixture.run("gup_test -S -f /mnt/a -m 1 -a -n 16 -w -p || true");
    fixture.run("rm /mnt/a");
    fixture.run("umount /mnt");
    fixture.run("check --idle");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void aLongtermPinOfAFileIsRefusedAndLeavesNothing(String era) {
    mount(era);
    assertThat(fixture.run("zdtool hold-uring /mnt/u 64K 0"))
        .contains("register_buffers=-1 Operation not supported holding");
    fixture.run("check --idle");
  }

  @Test
  void whatIsNoFileIsRefused() {
    mount("7.2");
    fixture.run("ndctl create-namespace -r region1 -m devdax");
    assertThat(fixture.fail(Exit.FAILED, "zdtool truncate /dev/dax1.0 0"))
        .contains("a device, expected a file of a mounted file system", "-EINVAL");
    assertThat(fixture.fail(Exit.FAILED, "zdtool punch /mnt/none 0 4K")).contains("-ENOENT");
    assertThat(fixture.fail(Exit.USAGE, "zdtool punch /mnt/none 0 0"))
        .contains("a size above zero");
    assertThat(fixture.fail(Exit.USAGE, "zdtool truncate /mnt/none x")).contains("SIZE");
    assertThat(fixture.fail(Exit.USAGE, "zdtool odirect /mnt/a 4K /dev/sda"))
        .contains("/dev/nullb0");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.10", "6.1", "6.12", "7.2"})
  void theEventsOfAFaultAreThoseOfTheKernel(String era, @TempDir Path folder) {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    mount(era);
    Path file = folder.resolve("trace.dat");
    fixture.run("trace-cmd record -e fs_dax -o " + file + " zdtool touch /mnt/t 8K");
    List<String> events =
        fixture
            .run("trace-cmd report -i " + file)
            .lines()
            .filter(line -> line.contains(": dax_"))
            .map(line -> line.replaceAll(".*: (dax_\\w+): .* ino \\S+ ?(.*)", "$1 $2"))
            .map(line -> line.replaceAll("(vm_start|vm_end|address) 0x[0-9a-f]+", "$1 *").strip())
            .toList();
    String fault = "shared WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE address * pgoff ";
    assertThat(events)
        .filteredOn(line -> !line.startsWith("dax_pmd"))
        .containsExactly(
            "dax_pte_fault " + fault + "0",
            "dax_pte_fault_done " + fault + "0 MAJOR|NEEDDSYNC",
            "dax_insert_pfn_mkwrite " + fault + "0 NOPAGE",
            "dax_pte_fault " + fault + "0x1",
            "dax_pte_fault_done " + fault + "0x1 MAJOR|NEEDDSYNC",
            "dax_writeback_range pgoff 0x1-0x1",
            "dax_writeback_range_done pgoff 0x2-0x1",
            "dax_insert_pfn_mkwrite " + fault + "0x1 NOPAGE");
    assertThat(events.stream().filter(line -> line.startsWith("dax_pmd_fault_done")).toList())
        .as("7.2 asks for 2 MiB only where the area has them")
        .hasSize(era.equals("7.2") ? 0 : 1);
  }

  @Test
  void theWaitForAHeldPageIsAnEvent(@TempDir Path folder) {
    Agent.premain(null, ByteBuddyAgent.getInstrumentation());
    mount("7.2");
    Path file = folder.resolve("trace.dat");
    String both = "zdtool hold-vmsplice /mnt/h 64K 3 & sleep 1; zdtool truncate /mnt/h 0; wait";
    fixture.run("trace-cmd record -e pgmap -o %s sh -c '%s'".formatted(file, both));
    List<String> events =
        fixture
            .run("trace-cmd report -i " + file)
            .lines()
            .filter(line -> line.contains("pgmap_layout"))
            .map(line -> line.replaceAll(".*: (pgmap_layout_\\w+): +(.*)", "$1 $2"))
            .map(line -> line.replaceAll("(ino|pfn)=\\S+", "$1=*").strip())
            .dropWhile(line -> !line.startsWith("pgmap_layout_wait"))
            .toList();
    assertThat(events.getFirst()).startsWith("pgmap_layout_wait ino=* pfn=* count=");
    assertThat(events.get(1)).isEqualTo("pgmap_layout_woken ino=* pfn=* interrupted=0");
    assertThat(events.getLast()).startsWith("pgmap_layout_broken ino=* pgoff=0 ");
  }
}
