package dev.pgmap.trace.tracer;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.testing.TracedMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Recording is woven in and out while threads run through the code that changes. */
class SwitchingUnderLoadTest {
  private static final int ROUNDS = 12;
  private static final int NR_THREADS = 3;
  private static final int WRAP = 1000;

  /** Steps between pauses: so that a ring holds what is recorded while others want the cpu. */
  private static final int BURST = 50;

  /** Takes 1 reference, drops it, takes 2, drops them, and so on: each event says which it is. */
  private static final class Worker extends Thread {
    private final Machine machine;
    private final long pfn;
    private final long rec;
    private volatile long begun;
    private volatile long ended;
    private volatile boolean stops;

    Worker(Machine machine, long pfn) {
      super("worker-" + pfn);
      this.machine = machine;
      this.pfn = pfn;
      this.rec = machine.structPages().record(pfn);
    }

    @Override
    public void run() {
      machine.sync().runAs(getName(), this::work);
    }

    private void work() {
      for (long step = 0; !stops; step++) {
        if (step % BURST == 0) {
          LockSupport.parkNanos(50_000);
        }
        begun = step + 1;
        machine.pageRefs().mod(pfn, rec, valOf(step));
        ended = step + 1;
      }
      if (ended % 2 == 1) {
        machine.pageRefs().mod(pfn, rec, valOf(ended));
      }
    }
  }

  private static int valOf(long step) {
    int amount = 1 + (int) (step / 2 % WRAP);
    return step % 2 == 0 ? amount : -amount;
  }

  /** What a window must hold at least: the steps from the first to the last that lay inside. */
  private record Window(long first, long last) {}

  @Test
  void noEventBetweenTheSwitchesIsLostAndNoneOutsideIsRecorded() throws InterruptedException {
    try (TracedMachine m = new TracedMachine(Era.V7_2)) {
      m.devdax.create(0, PAGE, MapLocation.MEM);
      m.tracer.recorder().resize(8_000);
      List<Worker> workers = new ArrayList<>();
      for (int i = 0; i < NR_THREADS; i++) {
        workers.add(new Worker(m.devdax.machine, DATA_PFN + i));
      }
      workers.forEach(Thread::start);

      try {
        for (int round = 0; round < ROUNDS; round++) {
          TimeUnit.MILLISECONDS.sleep(5);
          m.tracer.enable(List.of("page_ref:page_ref_mod"), true);
          List<Long> firsts = workers.stream().map(worker -> worker.begun).toList();
          awaitSteps(workers, 1_000);
          List<Long> lasts = workers.stream().map(worker -> worker.ended).toList();
          m.tracer.enable(List.of("page_ref:page_ref_mod"), false);
          awaitSteps(workers, 2);
          List<List<Long>> recorded = valuesByWorker(m, workers);
          for (int i = 0; i < NR_THREADS; i++) {
            check(recorded.get(i), new Window(firsts.get(i), lasts.get(i)));
          }
        }
      } finally {
        // They must not outlive the machine's memory, also if something above does not hold.
        workers.forEach(worker -> worker.stops = true);
        for (Worker worker : workers) {
          worker.join();
        }
      }
      assertThat(m.tracer.recorder().lanes()).allMatch(lane -> lane.lost() == 0);
    }
  }

  /** After two steps, none runs in code that was exchanged before. */
  private static void awaitSteps(List<Worker> workers, int nrSteps) throws InterruptedException {
    for (Worker worker : workers) {
      long before = worker.ended;
      while (worker.ended < before + nrSteps) {
        assertThat(worker.isAlive()).isTrue();
        TimeUnit.MICROSECONDS.sleep(100);
      }
    }
  }

  private static List<List<Long>> valuesByWorker(TracedMachine m, List<Worker> workers) {
    List<List<Long>> values = new ArrayList<>();
    workers.forEach(worker -> values.add(new ArrayList<>()));
    try (TraceSource source = m.tracer.consume("live", cpu -> true)) {
      TracedMachine.all(
          source,
          event -> {
            int worker = (int) (TracedMachine.number(event, "pfn") - DATA_PFN);
            values.get(worker).add(TracedMachine.number(event, "val"));
            return "";
          });
    }
    return values;
  }

  /** The values are those of steps in a row, which begin and end where the window did, or wider. */
  private static void check(List<Long> values, Window window) {
    assertThat(values).hasSizeGreaterThanOrEqualTo((int) (window.last() - window.first()));
    long first = firstStep(values, window);
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i)).as("step %d", first + i).isEqualTo(valOf(first + i));
    }
    assertThat(first + values.size()).isGreaterThanOrEqualTo(window.last());
  }

  /** The step that the first value tells, as it repeats after {@link #WRAP}: near the window. */
  private static long firstStep(List<Long> values, Window window) {
    for (long step = window.first(); step > window.first() - 2L * WRAP && step >= 0; step--) {
      if (values.getFirst() == valOf(step)) {
        return step;
      }
    }
    throw new AssertionError(
        "the first value "
            + values.getFirst()
            + " is of no step before "
            + window.first()
            + ": events are missing");
  }
}
