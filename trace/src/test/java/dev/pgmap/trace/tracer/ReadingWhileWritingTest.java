package dev.pgmap.trace.tracer;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.record.Lane;
import dev.pgmap.trace.testing.TracedMachine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ring of few pages is read while its writer overtakes the reader again and again. */
class ReadingWhileWritingTest {
  private static final int NR_PAGES = 2;
  private static final int STEPS = 20_000_000;
  private static final int WRAP = 1_000_000;

  /** What a reader of a ring has seen so far. */
  private static final class Reader {
    private long step;
    private long seen;

    /** Each event is the one that follows, but for as many as are said to be lost. */
    void read(TraceSource source) {
      try (TraceCursor cursor = source.open()) {
        while (cursor.next()) {
          step += cursor.event().lost();
          assertThat(TracedMachine.number(cursor.event(), "val")).isEqualTo(valOf(step));
          step++;
          seen++;
        }
      }
    }
  }

  private static int valOf(long step) {
    int amount = 1 + (int) (step / 2 % WRAP);
    return step % 2 == 0 ? amount : -amount;
  }

  private static void write(Machine machine) {
    long rec = machine.structPages().record(DATA_PFN);
    for (int step = 0; step < STEPS; step++) {
      machine.pageRefs().mod(DATA_PFN, rec, valOf(step));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyEventIsReadOrCountedAsLostAndNoneIsTorn(boolean overwrites) throws Exception {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      m.refs.setRecording(false);
      m.devdax.create(0, PAGE, MapLocation.MEM);
      m.tracer.recorder().resize(NR_PAGES);
      m.tracer.recorder().overwrite(overwrites);
      m.tracePageRefs();
      Machine machine = m.devdax.machine;
      Reader reader = new Reader();

      Thread writer = new Thread(() -> machine.sync().runAs("writer", () -> write(machine)));
      writer.start();
      try {
        while (writer.isAlive()) {
          consume(m, reader);
        }
      } finally {
        // It must not outlive the machine's memory, also if what was read does not hold.
        writer.join();
      }
      consume(m, reader);

      long refused = m.tracer.recorder().lanes().stream().mapToLong(Lane::lost).sum();
      assertThat(overwrites ? reader.step : reader.seen + refused).isEqualTo(STEPS);
      assertThat(reader.seen).isPositive().isLessThan(STEPS);
    }
  }

  private static void consume(TracedMachine m, Reader reader) {
    try (TraceSource source = m.tracer.consume("live", cpu -> true)) {
      reader.read(source);
    }
  }
}
