package dev.pgmap.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.FastForward;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hours of sleep in a moment, each step at its time. */
@Timeout(120)
class FastForwardTest {
  private final ShellFixture fixture = new ShellFixture(Era.V5_10);
  private final FastForward skipping = new FastForward(fixture.session, Thread.currentThread());

  @AfterEach
  void close() {
    skipping.close();
    fixture.close();
  }

  @Test
  void sleepersWakeInTheOrderOfTheirTimes() {
    assertThat(
            fixture.run(
                "{ sleep 3000; echo third; } & { sleep 1000; echo first; } & sleep 2000;"
                    + " echo second; wait; cut -d. -f1 /proc/uptime"))
        .matches("first\nsecond\nthird\n30[0-9][0-9]\n");
  }

  @Test
  void aTimeoutRingsAtItsTime() {
    fixture.fail(Exit.TIMED_OUT, "timeout 1000 sleep 2000");
    assertThat(fixture.run("timeout 3000 sleep 2000; echo $?")).isEqualTo("0\n");
  }

  @Test
  void whoWaitsInTheKernelIsWaitedFor() {
    fixture.run("ndctl create-namespace -r region0 -m devdax -M dev -a 4K");
    assertThat(
            fixture.run(
                "zdtool hold-vmsplice /dev/dax0.0 64K 600 unmap & sleep 100;"
                    + " ndctl destroy-namespace -f namespace0.0; cut -d. -f1 /proc/uptime; wait"))
        .containsSubsequence("unmapped, pipe still holds", "releasing", "60");
  }
}
