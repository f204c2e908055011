package dev.pgmap.trace.tracer;

import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.trace.record.Lane;
import dev.pgmap.trace.record.RecordClock;
import dev.pgmap.trace.testing.TracedMachine;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recording allocates nothing once it is warm. */
class RecordingAllocationTest {
  private static final int PAGES_PER_CALL = 512;
  private static final int CALLS = 100;
  private static final int MOST_WARM_UPS = 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(RecordClock.class)
  void tracedPinsAllocateNothingWhateverTheClock(RecordClock clock) {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      m.tracer.recorder().clock(clock);
      assertNothingAllocated(m);
    }
  }

  @Test
  void norDoThoseWhoseEventsHaveStacks() {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      m.tracer.wantStacks(true);
      assertNothingAllocated(m);
    }
  }

  private void assertNothingAllocated(TracedMachine m) {
    m.refs.setRecording(false);
    m.devdax.create(0, PAGE, MapLocation.MEM);
    Mapping mapping = m.devdax.map(0, 2 * MIB).touch();
    m.tracePageRefs();
    mapping.task().run(() -> measure(m, mapping));
  }

  /** What is not compiled yet may allocate: the compiler, which shares the cpus, is waited for. */
  private void measure(TracedMachine m, Mapping mapping) {
    long[] pfns = new long[PAGES_PER_CALL];
    double bytesPerEvent = bytesPerEvent(m, mapping, pfns);
    for (int i = 0; i < MOST_WARM_UPS && bytesPerEvent >= 0.01; i++) {
      bytesPerEvent = bytesPerEvent(m, mapping, pfns);
    }
    assertThat(bytesPerEvent).as("bytes per event").isLessThan(0.01);
  }

  private double bytesPerEvent(TracedMachine m, Mapping mapping, long[] pfns) {
    long keptBefore = kept(m);
    long before = threads.getCurrentThreadAllocatedBytes();
    pinAndUnpin(mapping, pfns);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    long events = kept(m) - keptBefore;
    assertThat(events).isGreaterThanOrEqualTo(2L * CALLS * PAGES_PER_CALL);
    return (double) bytes / events;
  }

  private static long kept(TracedMachine m) {
    return m.tracer.recorder().lanes().stream().mapToLong(Lane::kept).sum();
  }

  private static void pinAndUnpin(Mapping mapping, long[] pfns) {
    for (int i = 0; i < CALLS; i++) {
      int nr =
          mapping
              .machine()
              .gup()
              .pinUserPagesFast(
                  mapping.task().mm(), mapping.start(), PAGES_PER_CALL, FollFlag.WRITE, pfns, 0);
      mapping.machine().gup().unpinUserPages(pfns, 0, nr);
    }
  }
}
