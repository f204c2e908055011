package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.pgtable.Geometries;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's own gup tests, run by the console. */
class VmtestsScenariosTest {
  @ParameterizedTest
  @ValueSource(strings = {"6.12", "7.2"})
  void theShortRunPasses(String era) {
    try (ShellFixture fixture = new ShellFixture(Era.named(era))) {
      String out = fixture.run("run_vmtests -m 16");
      assertThat(out)
          .startsWith("TAP version 13\n# ---")
          .contains(
              "# running ./gup_test -m 16 -u -n 1\n",
              "# # PIN_FAST_BENCHMARK: Time: get:",
              "# [PASS]\nok 4 gup_test -m 16 -a -n -1\n",
              "ok 5 gup_test -ct -F 0x1 0 19 0x1000\n",
              "# [RUN] R/O longterm GUP-fast pin in MAP_PRIVATE file mapping ... with memfd",
              "# # Totals: pass:8 fail:0 xfail:0 xpass:0 skip:24 error:0",
              "ok 6 gup_longterm\n")
          .endsWith("# SUMMARY: PASS=6 SKIP=0 FAIL=0\n1..6\n");
      fixture.run("check --idle");
    }
  }

  @Test
  void whatAnOldKernelLacksIsSkippedWithTheReason() {
    try (ShellFixture fixture = new ShellFixture(Era.V5_10)) {
      assertThat(fixture.run("run_vmtests -m 2"))
          .contains(
              "ok 5 gup_test -ct -F 0x1 0 19 0x1000 # SKIP gup_test of era 5.10 has not all",
              "ok 6 gup_longterm # SKIP this kernel holds no longterm pins for a test",
              "PASS=4 SKIP=2 FAIL=0");
    }
  }

  @Test
  void theWholeMatrixIsEveryCombination() {
    MachineSpec spec = MachineSpec.standard().withWalker(TableWalker.LEAF);
    try (ShellFixture fixture = new ShellFixture(spec, false)) {
      String out = fixture.run("run_vmtests --long -m 2");
      assertThat(out)
          .contains(" gup_test -T -m 2 -L -W -n 123\n", " gup_test -t -m 2 -b -w -S -n -1\n")
          .contains("FAIL=0\n1..242\n");
      fixture.run("check --idle");
    }
  }

  @Test
  void itRunsOnLargeBasePages() {
    MachineSpec spec = MachineSpec.standard().withGeometry(Geometries.named("arm64-64k"));
    try (ShellFixture fixture = new ShellFixture(spec, false)) {
      assertThat(fixture.run("run_vmtests -m 16")).contains("FAIL=0");
      fixture.run("check --idle");
    }
  }

  @Test
  void aTestThatFailsIsCountedAndEndsTheRunWithAnError() {
    try (ShellFixture fixture = new ShellFixture(Era.V7_2)) {
      fixture.run("fail page 1");
      fixture.fail(Exit.FAILED, "run_vmtests -m 2 > /dev/null");
      assertThat(fixture.run("run_vmtests -m 2")).contains("PASS=6 SKIP=0 FAIL=0");
      assertThat(fixture.fail(Exit.USAGE, "run_vmtests -t hmm")).contains("expected gup_test");
      assertThat(fixture.fail(Exit.USAGE, "run_vmtests -m 0")).contains("-m");
    }
  }
}
