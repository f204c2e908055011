package dev.pgmap.core.gup;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.DevdaxTest;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import java.lang.management.ManagementFactory;

/** Pins and unpins allocate nothing once they are warm. */
class AllocationTest extends DevdaxTest {
  private static final int PAGES_PER_CALL = 512;
  private static final int WARM_UP_CALLS = 3_000;
  private static final int CALLS = 3_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @EachEra
  void pinAndUnpinOfBasePagesAllocateNothing(String era) {
    assertNothingAllocated(era, PAGE);
  }

  @EachEra
  void pinAndUnpinOfHugeLeavesAllocateNothing(String era) {
    assertNothingAllocated(era, 2 * MIB);
  }

  private void assertNothingAllocated(String era, long align) {
    DevdaxMachine m = boot(era);
    m.create(0, align, MapLocation.MEM);
    Mapping mapping = m.map(0, 2 * MIB).touch();
    long[] pfns = new long[PAGES_PER_CALL];
    pinAndUnpin(mapping, pfns, WARM_UP_CALLS);

    long before = threads.getCurrentThreadAllocatedBytes();
    pinAndUnpin(mapping, pfns, CALLS);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat((double) bytes / CALLS / PAGES_PER_CALL).as("bytes per page").isLessThan(0.01);
  }

  private static void pinAndUnpin(Mapping mapping, long[] pfns, int nrCalls) {
    Gup gup = mapping.machine().gup();
    for (int i = 0; i < nrCalls; i++) {
      int flags = FollFlag.WRITE;
      int nr =
          gup.pinUserPagesFast(
              mapping.task().mm(), mapping.start(), PAGES_PER_CALL, flags, pfns, 0);
      gup.unpinUserPages(pfns, 0, nr);
      nr = gup.getUserPagesFast(mapping.task().mm(), mapping.start(), 1, flags, pfns, 0);
      gup.putPage(pfns[0]);
      assertOne(nr);
    }
  }

  private static void assertOne(int nr) {
    if (nr != 1) {
      throw new AssertionError("got " + nr);
    }
  }
}
