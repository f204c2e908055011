package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static dev.pgmap.core.testing.Mapping.GET_FAST;
import static dev.pgmap.core.testing.Mapping.PIN;
import static dev.pgmap.core.testing.Mapping.PIN_FAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.Errno;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;

/** {@code nr_foll_pin_acquired} and {@code nr_foll_pin_released} count pages. */
class VmStatTest extends DevdaxTest {
  private static final int WRITE = FollFlag.WRITE;

  private static void assertCounters(DevdaxMachine m, long acquired, long released) {
    assertThat(m.machine.vmstat().pinAcquired()).isEqualTo(acquired);
    assertThat(m.machine.vmstat().pinReleased()).isEqualTo(released);
  }

  @EachEra
  void pinsCountInPagesAndGetsDoNot(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      DevdaxMachine m = boot(era);
      m.create(0, align, MapLocation.DEV);
      Mapping mapping = m.map(0, 4 * MIB);
      mapping.put(mapping.take(GET_FAST, 0, 100, WRITE));
      assertCounters(m, 0, 0);

      long[] fast = mapping.take(PIN_FAST, 0, 700, WRITE);
      assertCounters(m, 700, 0);
      long[] slow = mapping.take(PIN, 3, 600, WRITE);
      assertCounters(m, 1300, 0);

      mapping.unpin(fast);
      assertCounters(m, 1300, 700);
      m.machine.gup().unpinUserPageRangeDirtyLock(slow[0], 599, true);
      m.machine.gup().unpinUserFolio(slow[599], 1);
      assertCounters(m, 1300, 1300);
    }
  }

  @EachEra
  void failedCallsCountNothingAndPartialOnesWhatTheyTook(String era) {
    DevdaxMachine m = boot(era);
    m.create(0, PAGE, MapLocation.DEV);
    Mapping mapping = m.map(0, 4 * PAGE);
    assertErrno(Errno.EFAULT, () -> mapping.take(PIN, 4, 1, 0));
    assertCounters(m, 0, 0);

    long[] some = mapping.take(PIN_FAST, 1, 3, WRITE);
    long[] none = mapping.take(PIN_FAST, 0, 1, WRITE | FollFlag.FAST_ONLY);

    assertCounters(m, 3 + none.length, 0);
    mapping.unpin(some);
    mapping.unpin(none);
    assertCounters(m, 3 + none.length, 3 + none.length);
  }

  @EachEra
  void pinsTakenBackBecauseOfAForkCountOnBothSides(String era) {
    HookedPageRefs refs = new HookedPageRefs();
    DevdaxMachine m = boot(era, refs);
    m.create(0, PAGE, MapLocation.DEV);
    Mapping mapping = m.map(0, 4 * PAGE).touch();

    refs.afterGet = () -> mapping.task().fork().exit();
    assertThat(mapping.take(PIN_FAST, 0, 4, FollFlag.FAST_ONLY)).isEmpty();

    assertCounters(m, 4, 4);
  }
}
