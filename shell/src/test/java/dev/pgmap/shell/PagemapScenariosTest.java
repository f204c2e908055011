package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Geometries, walkers, and what a task's addresses are mapped to. */
class PagemapScenariosTest {
  private static final String TASK = "$(ps | grep -v zdtool. | grep zdtool | cut -d' ' -f1)";

  private static ShellFixture on(String geometry, Era era) {
    MachineSpec spec = MachineSpec.standard().withEra(era);
    return new ShellFixture(spec.withGeometry(Geometries.named(geometry)), false);
  }

  private static void hold(ShellFixture fixture, String align, String bytes) {
    fixture.run("ndctl create-namespace -m devdax -s 2G -a " + align);
    fixture.run("zdtool hold-map /dev/dax0.0 " + bytes + " 600 > /dev/null &");
    for (int i = 0; i < 200 && fixture.run("ps | grep -c zdtool").strip().equals("1"); i++) {
      fixture.run("sleep 0.02");
    }
    fixture.run("sleep 0.5");
  }

  @ParameterizedTest
  @CsvSource({
    "x86-64, 2M, 4M, 2M",
    "powerpc-radix-64k, 64K, 4M, 64K",
    "powerpc-hash-64k, 16M, 32M, 16M",
    "powerpc-hash-4k, 4K, 4M, 4K",
    "arm64-16k, 32M, 64M, 32M",
    "arm64-64k, 512M, 512M, 512M"
  })
  void bothWalkersShowTheSamePagemap(String geometry, String align, String bytes, String leaf) {
    try (ShellFixture fixture = on(geometry, Era.V7_2)) {
      hold(fixture, align, bytes);
      String byLevels = fixture.run("pagemap --walker per-level " + TASK);
      assertThat(byLevels).contains(" " + leaf + " ", " pfn 0x", "present,file,exclusive");
      assertThat(fixture.run("pagemap --walker leaf " + TASK)).isEqualTo(byLevels);
      assertThat(fixture.run("pagemap --smaps " + TASK))
          .isEqualTo(fixture.run("cat /proc/" + TASK + "/smaps"))
          .contains("Rss:", "Private_Dirty:");
      assertThat(fixture.run("cat /proc/" + TASK + "/maps")).contains("rw-s", "/dev/dax0.0");
      fixture.run("kill %1; wait");
      fixture.run("check --idle");
    }
  }

  @Test
  void devmapEntriesAreNoPagesOfTheTask() {
    try (ShellFixture fixture = on("x86-64", Era.V6_12)) {
      hold(fixture, "2M", "4M");
      assertThat(fixture.run("pagemap " + TASK)).contains(" present\n").doesNotContain("file");
      assertThat(fixture.run("pagemap --smaps " + TASK)).contains("Rss:                   0 kB");
      fixture.run("kill %1; wait");
    }
  }

  @Test
  void aGeometryIsShownListedAndBooted() {
    try (ShellFixture fixture = on("x86-64", Era.V7_2)) {
      assertThat(fixture.run("geometry"))
          .isEqualTo("* x86-64            4 levels, maps 4K 2M 1G, hugetlb 2M 1G\n");
      assertThat(fixture.run("geometry list")).contains("powerpc-hash-4k", "hugetlb 16M 16G");
      fixture.run("geometry arm64-64k");
      assertThat(fixture.run("machine")).contains("page tables of 3 levels: arm64-64k");
      assertThat(fixture.run("geometry --json")).contains("\"maps\":[", "536870912");
      assertThat(fixture.fail(Exit.FAILED, "geometry sparc")).contains("'sparc'", "arm64-16k");
      assertThat(fixture.fail(Exit.FAILED, "ndctl create-namespace -m devdax -a 2M"))
          .contains("--align: 2097152 bytes, expected 64K or 512M");
    }
  }

  @Test
  void badInputIsRefused() {
    try (ShellFixture fixture = on("x86-64", Era.V7_2)) {
      assertThat(fixture.fail(Exit.USAGE, "pagemap 7")).contains("expected a task that ps shows");
      assertThat(fixture.fail(Exit.USAGE, "pagemap")).contains("PID");
      hold(fixture, "2M", "4M");
      assertThat(fixture.fail(Exit.USAGE, "pagemap " + TASK + " here")).contains("START-END");
      assertThat(fixture.fail(Exit.USAGE, "pagemap " + TASK + " --raw 0-7fffffffffff"))
          .contains("expected at most");
      assertThat(fixture.fail(Exit.FAILED, "pagemap " + TASK + " 2000-1000")).contains("EINVAL");
      assertThat(fixture.fail(Exit.FAILED, "pagemap --walker both " + TASK)).contains("per-level");
      fixture.run("kill %1; wait");
    }
  }

  @Test
  void aMachineCanWalkByLeaves() {
    MachineSpec spec = MachineSpec.standard().withWalker(TableWalker.LEAF);
    try (ShellFixture fixture = new ShellFixture(spec, false)) {
      fixture.run("ndctl create-namespace -m devdax -s 1G -a 4K");
      fixture.run("gup_test -f /dev/dax0.0 -m 16 -n 512 -S -a");
      assertThat(fixture.run("machine --json")).contains("\"walker\":\"leaf\"");
      fixture.run("check --idle");
    }
  }
}
